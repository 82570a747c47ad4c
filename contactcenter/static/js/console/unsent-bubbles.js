/** The bubbles of what is not stored yet: clones of the message fragment, with their own foot. */
import { uuid } from "../uuid.js";
import { add, again, discard, entries, find } from "./outbox.js";
import { copy, log, me, on, open, thread } from "./screen.js";

/** Show an entry of the outbox in its conversation, if that is the one on screen. */
function show(entry) {
  if (entry.conversation !== open() || !log()) return;
  const old = document.getElementById(`message-${entry.id}`);
  if (old?.dataset.seq) return; // stored meanwhile
  old?.remove();
  log().place(bubble(entry));
  log().settle();
}

function bubble({ id, conversation, text, at, refused }) {
  const element = copy("pending-message");
  element.id = `message-${id}`;
  Object.assign(element.dataset, {
    conversation,
    into: `log-${conversation}`,
    at: new Date(at).toISOString(),
    author: "agent",
    agent: me.agent,
  });
  delete element.dataset.seq;
  delete element.dataset.order;
  element.classList.add(refused ? "failed" : "pending");
  element.querySelector(".who").remove();
  element.querySelector(".bub").textContent = text;
  const foot = copy(refused ? "message-refused" : "message-sending");
  if (typeof refused === "string") foot.querySelector("[data-why]").textContent = refused;
  element.querySelector(".meta").replaceWith(foot);
  return element;
}

async function press(event) {
  const button = event.target.closest("[data-again], [data-back], [data-copy]");
  const bubble = button?.closest(".failed");
  const entry = bubble && find(bubble.id.replace("message-", ""));
  if (!entry) return;
  if (button.matches("[data-again]")) return again(entry);
  if (button.matches("[data-back]")) thread().querySelector("message-composer").putBack(entry.text);
  else await navigator.clipboard?.writeText(entry.text);
  discard(entry);
  bubble.remove();
}

/** Text that can no longer be sent is not thrown away: it stands in the thread, to be copied. */
export function strand(conversation, text) {
  const url = `${thread().dataset.url}messages/`;
  add({ id: uuid(), conversation, url, text, refused: true });
}

export const showAll = () => entries(open() || "none").forEach(show);

export function start() {
  const alert = document.getElementById("alert");
  on("outbox", (entry) => {
    show(entry);
    alert.textContent = entry.refused ? alert.dataset.unsent : "";
  });
  on("opened", showAll);
  document.addEventListener("click", press);
  showAll();
}
