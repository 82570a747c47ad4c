/**
 * Tells "news", with the rows' ids, when a customer or a colleague wrote or a conversation came in,
 * whoever brought it to the screen: a push, or a refresh that repairs. What stands there already on
 * first load is not news, nor are own messages, older pages, or the same message shown a second
 * time. The rows tell it all: every message of a customer comes with its row, also where the thread
 * is open and reads it.
 */
import { on, tell } from "./screen.js";

const NOTHING = { isNew: false, unread: 0, isTheirs: false, at: -Infinity };
let known = null; // the rows as they were; null until the first refresh is on the screen

/** Every row by its id; `at` never goes back, though a refresh may be older than a push. */
function rows() {
  const items = document.querySelectorAll("#items > li, #offers > li, #unread-posts");
  return new Map([...items].map((item) => [item.id, state(item)]));
}

function state(item) {
  const { dataset } = item;
  const newest = Math.max(Date.parse(dataset.at) || -Infinity, known?.get(item.id)?.at ?? -Infinity);
  return {
    isNew: dataset.new === "1",
    unread: Number(dataset.unread),
    isTheirs: dataset.theirs === "1",
    at: newest,
  };
}

/** One may be read and the next come before the screen hears of either: there is as much unread as
 * before, but the newest message is another one of theirs. */
function hasGrown([id, row]) {
  const old = known.get(id) ?? NOTHING;
  const isMore = row.unread > old.unread || (row.unread > 0 && row.isTheirs);
  return (row.isNew && !old.isNew) || (isMore && row.at > old.at);
}

function compare() {
  if (!known) return;
  const now = rows();
  const grown = [...now].filter(hasGrown).map(([id]) => id);
  known = now;
  if (grown.length) tell("news", { rows: grown });
}

export function start() {
  on("applied", compare);
  on("line", ({ state: line }) => line === "open" && (known ??= rows()));
}
