/** Tells the server how far the customer's messages were seen: in the visible tab, at the end. */
import { post } from "../http.js";
import { isMine, log, on, open, thread } from "./screen.js";

const posted = new Map();

function seen() {
  if (document.hidden || !log() || log().isAway || !isMine()) return;
  const conversation = open();
  const from = `[data-author=contact][data-conversation="${conversation}"]`;
  const seq = Math.max(0, ...[...log().querySelectorAll(from)].map((m) => Number(m.dataset.seq)));
  if (seq <= (posted.get(conversation) ?? 0)) return;
  posted.set(conversation, seq);
  post(thread().dataset.readingUrl, { seq }).catch(() => posted.delete(conversation));
}

export function start() {
  on("applied", seen);
  on("opened", seen);
  document.addEventListener("visibilitychange", seen);
  document.addEventListener("scroll", seen, { capture: true, passive: true });
  seen();
}
