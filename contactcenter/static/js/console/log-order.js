/** How the lines of a log stand: their order, their groups, the days between them. */
import { dayKey, dayName } from "../times.js";
import { copy, isTheirs } from "./screen.js";

const TOGETHER = 2 * 60_000; // ms: messages of one sender within this are one group

export const lines = (inner) => [...inner.querySelectorAll(":scope > [data-at]")];
const at = (line) => Date.parse(line.dataset.at);
const seq = (line) => Number(line.dataset.seq || Infinity);
const order = (line) => Number(line.dataset.order || Infinity); // not stored yet: after all others

/** As the server stored them, also across conversations: two may have the same time. */
const isEarlier = (a, b) => {
  if (order(a) !== order(b)) return order(a) < order(b);
  // A note has the number of the message it stands behind.
  return at(a) === at(b) ? isNote(b) && !isNote(a) : at(a) < at(b);
};

const isNote = (line) => line.matches(".note");
const isStored = (line) => Boolean(line.dataset.seq);
const isSame = (a, b, key) => a.dataset[key] === b.dataset[key];

export function insert(inner, element) {
  const before = lines(inner).findLast((line) => !isEarlier(element, line));
  (before ?? inner.querySelector(".older")).after(element);
}

/** Mark groups, own and read messages, and draw the days; `read` is the other side's last seq. */
export function arrange(inner, { agent, conversation, read }) {
  for (const day of inner.querySelectorAll(":scope > .day")) day.remove();
  const all = lines(inner);
  all.forEach((line, i) => {
    const isFirst = !belongs(all[i - 1], line);
    if (line.matches(".msg")) {
      line.classList.toggle("first", isFirst);
      line.classList.toggle("last", !belongs(line, all[i + 1]) || line.matches(".failed"));
      line.classList.toggle("mine", line.dataset.agent === agent);
      line.classList.toggle("past", line.dataset.conversation !== conversation);
      line.classList.toggle("read", seq(line) <= read && !isTheirs(line.dataset));
      line.classList.toggle("in", isTheirs(line.dataset));
      line.classList.toggle("out", !isTheirs(line.dataset));
    }
    const day = dayKey(new Date(at(line)));
    if (i === 0 || day !== dayKey(new Date(at(all[i - 1])))) line.before(dayLine(line));
  });
}

function belongs(a, b) {
  return Boolean(
    a && b && a.matches(".msg") && b.matches(".msg") && isSame(a, b, "author") &&
      isSame(a, b, "agent") && isSame(a, b, "conversation") &&
      isStored(a) === isStored(b) &&
      at(b) - at(a) < TOGETHER && dayKey(new Date(at(a))) === dayKey(new Date(at(b))),
  );
}

function dayLine(line) {
  const day = copy("day-line");
  day.textContent = dayName(new Date(at(line)));
  return day;
}

/**
 * The last number up to which nothing is missing: what comes after it has to be asked for. Where
 * nothing older is left to be shown, the first number is 1.
 */
export function lastWithoutGap(inner, conversation) {
  const known = lines(inner).filter((l) => isStored(l) && l.dataset.conversation === conversation);
  const numbers = known.map(seq).sort((a, b) => a - b);
  const first = inner.querySelector(".older:not([hidden])") ? numbers[0] : 1;
  const gap = numbers.findIndex((number, i) => number !== first + i);
  return (gap === -1 ? numbers.at(-1) : numbers[gap - 1]) ?? 0;
}
