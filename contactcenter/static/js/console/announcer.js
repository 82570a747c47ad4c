/** Says what arrives to those who do not see it: new conversations, and what a customer writes. */
import { isTheirs, log, me, on, open } from "./screen.js";

const PAUSE = 3_000; // ms between two announcements of new conversations

const region = document.getElementById("announce");

/** Says a sentence of the region's own, with these values; returns it. */
export function say(sentence, values) {
  region.textContent = Object.entries(values).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, value),
    region.dataset[sentence],
  );
  return region.textContent;
}

export function start() {
  let last = 0;

  on("applied", ({ added }) => {
    for (const element of added) {
      if (isTheirs(element.dataset) && log()?.contains(element)) said(element);
      if (element.matches(".note") && log()?.contains(element)) noted(element);
      if (element.dataset.new === "1") arrived(element);
    }
  });

  on("news", ({ rows }) => {
    const { chat, from } = document.getElementById("unread-posts").dataset;
    if (rows.includes("unread-posts") && chat !== open()) say("posted", { name: from });
  });

  /** Only what comes while the thread is open, not older pages (they stand before the end). */
  function said(message) {
    if (message.matches(".past")) return;
    const files = [...message.querySelectorAll(".file")].map(({ dataset }) => dataset.label);
    const words = [...files, message.querySelector(".bub")?.textContent].filter(Boolean);
    say("said", { name: log().getAttribute("aria-label"), text: words.join(", ") });
  }

  /** A colleague's, the newest line there is: those of older pages have others behind them. */
  function noted(note) {
    if (note.dataset.by === me.agent || note.matches(":has(~ [data-at])")) return;
    const name = note.querySelector(".by").textContent;
    say("noted", { name, text: note.querySelector(".text").textContent });
  }

  function arrived(row) {
    if (Date.now() - last < PAUSE) return;
    last = Date.now();
    const name = row.querySelector(".nm bdi").textContent;
    const channel = row.querySelector("[data-channel]").textContent;
    say("arrived", { name, channel });
  }
}
