/**
 * What was sent but not accepted yet, one key a message, so that tabs do not overwrite each other.
 * Goes out in order, with the same id each time: the server stores it once. A reload, a lost
 * line or a closed tab only delays it.
 */
import { post, SignedOut, toSignIn } from "../http.js";
import { drop, keys, load, save } from "../store.js";
import { apply } from "./fragments.js";
import { me, on, tell } from "./screen.js";

const PREFIX = `outbox:${me.agent}:`;
const RETRY = 4_000; // ms
const LATER = new Set([408, 425, 429]);

const key = (entry) => `${PREFIX}${entry.conversation}:${entry.id}`;

function keep(entry) {
  save(key(entry), JSON.stringify(entry));
  tell("outbox", entry);
}

/** Unsent messages in the order they were written; of one conversation or of all. */
export const entries = (conversation = "") =>
  keys(PREFIX + conversation).map(load).filter(Boolean).map(JSON.parse).sort((a, b) => a.at - b.at);

export function find(id) {
  return entries().find((entry) => entry.id === id);
}

export function add(entry) {
  keep({ at: Date.now(), ...entry });
  if (!entry.refused) flush();
}

export const discard = (entry) => drop(key(entry));

export function again(entry) {
  keep({ ...entry, refused: undefined });
  flush();
}

/** Send all that waits, one tab at a time. */
export function flush() {
  return navigator.locks ? navigator.locks.request(PREFIX, run) : run();
}

async function run() {
  const stuck = new Set();
  for (let entry; (entry = next(stuck)); ) {
    const outcome = await deliver(entry);
    if (outcome === "lost") break;
    if (outcome === "later") stuck.add(entry.conversation);
  }
}

const next = (stuck) =>
  entries().find((entry) => !entry.refused && !stuck.has(entry.conversation));

async function deliver(entry) {
  try {
    const answer = await post(entry.url, { id: entry.id, text: entry.text });
    const body = await answer.text();
    if (answer.ok) {
      discard(entry);
      apply(body);
      tell("sent", entry);
      return "sent";
    }
    if (answer.status >= 500 || LATER.has(answer.status)) return "later";
    const isSentence = answer.headers.get("Content-Type")?.startsWith("text/plain");
    keep({ ...entry, refused: isSentence ? body : true });
    return "refused";
  } catch (problem) {
    if (problem instanceof SignedOut) toSignIn();
    return "lost";
  }
}

/** Start: what was left over goes out, also what another tab left behind. */
export function start() {
  setInterval(() => next(new Set()) && flush(), RETRY);
  addEventListener("storage", ({ key, newValue }) => {
    if (key?.startsWith(PREFIX) && newValue) tell("outbox", JSON.parse(newValue));
  });
  on("applied", ({ added, replaced }) => {
    for (const { dataset, id } of [...added, ...replaced])
      if (dataset.agent === me.agent && dataset.seq)
        discard({ conversation: dataset.conversation, id: id.replace("message-", "") });
  });
}
