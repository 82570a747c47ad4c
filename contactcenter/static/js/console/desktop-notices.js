/**
 * A notification of the desktop where the agent does not look: another window or tab is in front,
 * or another conversation is open. One a conversation; a press on it leads there. Whether it makes
 * a sound is the sound control's to say.
 */
import { ElectedTab } from "./elected-tab.js";
import { isOn, isTextShown } from "./notifying.js";
import { on, open } from "./screen.js";

const turn = new ElectedTab("notify");
const shown = new Map(); // by the row's id

/** The list alone, in front, shows it too. */
function isLookedAt(row) {
  const isInView = row.dataset.chat ? row.dataset.chat === open() : isRowInView(row);
  return isInView && !document.hidden && document.hasFocus();
}

const isRowInView = (row) => !open() || row.id === `conversation-${open()}`;

async function news({ rows = [] }) {
  if (!isOn() || !(await turn.isOurs())) return;
  for (const id of rows) {
    const row = document.getElementById(id);
    if (row && !isLookedAt(row)) show(row);
  }
}

/** Of a row, or of what the toolbar says of internal chat. */
function about(row) {
  const { from, text } = row.dataset;
  if ("chat" in row.dataset) return { name: from, channel: row.closest("a").title, text };
  const [name, channel, last] = [".nm bdi", "[data-channel]", ".last bdi"].map(
    (part) => row.querySelector(part)?.textContent,
  );
  return { name, channel, text: last };
}

function show(row) {
  const { name, channel, text: said } = about(row);
  const { arrived, wrote } = document.querySelector("notify-switch").dataset;
  const what = row.dataset.new === "1" ? arrived : wrote;
  const text = isTextShown() && said;
  const options = { body: `${channel} · ${text || what}`, tag: row.id, silent: true };
  try {
    const notice = new Notification(name, options);
    notice.onclick = () => lead(row.id);
    shown.set(row.id, notice);
  } catch {
    // Phones want a service worker for it; there the title and the sound have to do.
  }
}

function lead(id) {
  window.focus();
  close(id);
  const row = document.getElementById(id);
  (row?.querySelector("a") ?? row?.closest("a"))?.click();
}

function close(id) {
  shown.get(id)?.close();
  shown.delete(id);
}

/** What was read, here or in another tab, or went to somebody else, is no news any more. */
function tidy() {
  for (const id of shown.keys()) {
    const row = document.getElementById(id);
    if (!row || (row.dataset.new !== "1" && row.dataset.unread === "0")) close(id);
  }
}

export function start() {
  on("news", news);
  on("applied", tidy);
  document.addEventListener("visibilitychange", () => turn.offer());
  addEventListener("focus", () => turn.offer());
  turn.offer();
}
