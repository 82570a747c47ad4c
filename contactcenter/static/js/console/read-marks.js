/** Tells the server how far the other side's messages were seen: in the visible tab, at the end. */
import { post } from "../http.js";
import { isMine, isTheirs, log, on, open, thread } from "./screen.js";

const posted = new Map();

/** An internal chat's two read it also when it is closed. */
const mayTell = () => isMine() || Boolean(open() && thread().matches(".direct"));

function seen() {
  if (document.hidden || !log() || log().isAway || !mayTell()) return;
  const conversation = open();
  const here = [...log().querySelectorAll(`[data-seq][data-conversation="${conversation}"]`)];
  const theirs = here.filter((line) => isTheirs(line.dataset));
  const seq = Math.max(0, ...theirs.map((line) => Number(line.dataset.seq)));
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
