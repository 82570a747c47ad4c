/** What the viewer's screen adds to the rows: the open one, their keys, "You:". */
import { me, open, row } from "./screen.js";

const KEYS = 9; // rows that a digit opens

export function markRows(rows, shown) {
  for (const item of rows) {
    const link = item.querySelector("a");
    const number = shown.indexOf(item) + 1;
    mark(link, "aria-current", item === row(open()));
    mark(link, "aria-keyshortcuts", number <= KEYS && number);
    const you = item.querySelector("[data-you]");
    if (you) you.hidden = you.dataset.you !== me.agent;
  }
}

const mark = (link, name, value) =>
  value ? link.setAttribute(name, value) : link.removeAttribute(name);
