/** "Lucía is typing", in the thread and in the row; and the other way round. A hint: lost is lost. */
import { post } from "../http.js";
import { isTheirs, log, on, open, row, thread } from "./screen.js";

const STAY = 6_000; // ms without news
const EVERY = 3_000; // ms between two of ours
const timers = new Map();
let told = 0;

/** The customer is told, not more often than it helps. */
export function tellTyping() {
  if (Date.now() - told < EVERY) return;
  told = Date.now();
  post(thread().dataset.typingUrl).catch(() => {});
}

/** What was written is sent: the next word is news again. */
export const forget = () => (told = 0);

function mark(conversation, isTyping) {
  row(conversation)?.classList.toggle("typing-now", isTyping);
  const line = conversation === open() && log()?.querySelector(".typing");
  if (line) line.hidden = !isTyping;
  clearTimeout(timers.get(conversation));
  if (isTyping) timers.set(conversation, setTimeout(mark, STAY, conversation, false));
}

export function start() {
  on("typing", ({ conversation }) => mark(conversation, true));
  on("applied", ({ added }) => {
    for (const { dataset } of added)
      if (isTheirs(dataset)) mark(dataset.conversation, false);
  });
}
