/**
 * What was sent but not accepted yet, one key an entry, so that tabs do not overwrite each other.
 * Goes out in order, with the same id each time: the server stores it once. A reload, a lost
 * line or a closed tab only delays it. Each kind has its own keys and its own news: "<kind>" when
 * an entry changes, "<kind>:sent" when it is stored.
 */
import { drop, keys, load, save } from "../store.js";
import { deliver } from "./delivering.js";
import { apply } from "./fragments.js";
import { me, on, tell } from "./screen.js";

const RETRY = 4_000; // ms

export class Outgoing {
  #prefix;
  #nameOf;

  /** `nameOf(element)`: the entry that stands stored on the screen there, if it is one of mine. */
  constructor(kind, nameOf) {
    this.kind = kind;
    this.#prefix = `${kind}:${me.agent}:`;
    this.#nameOf = nameOf;
  }

  /** In the order they were written; of one conversation or of all. */
  entries(conversation = "") {
    const texts = keys(this.#prefix + conversation).map(load).filter(Boolean);
    return texts.map(JSON.parse).sort((a, b) => a.at - b.at);
  }

  find = (id) => this.entries().find((entry) => entry.id === id);

  add(entry) {
    this.#keep({ at: Date.now(), ...entry });
    if (!entry.refused) this.flush();
  }

  discard = (entry) => drop(this.#key(entry));

  again(entry) {
    this.#keep({ ...entry, refused: undefined });
    this.flush();
  }

  /** Send all that waits, one tab at a time. */
  flush() {
    const run = () => this.#run();
    return navigator.locks ? navigator.locks.request(this.#prefix, run) : run();
  }

  #key = (entry) => `${this.#prefix}${entry.conversation}:${entry.id}`;

  #keep(entry) {
    save(this.#key(entry), JSON.stringify(entry));
    tell(this.kind, entry);
  }

  async #run() {
    const stuck = new Set();
    for (let entry; (entry = this.#next(stuck)); ) {
      const { outcome, body } = await deliver(entry);
      if (outcome === "lost") break;
      if (outcome === "later") stuck.add(entry.conversation);
      if (outcome === "refused") this.#keep({ ...entry, refused: body });
      if (outcome === "sent") this.#stored(entry, body);
    }
  }

  #next = (stuck) =>
    this.entries().find((entry) => !entry.refused && !stuck.has(entry.conversation));

  #stored(entry, html) {
    this.discard(entry);
    apply(html);
    tell(`${this.kind}:sent`, entry);
  }

  /** What was left over goes out, also what another tab left behind. */
  start() {
    setInterval(() => this.#next(new Set()) && this.flush(), RETRY);
    addEventListener("storage", ({ key, newValue }) => {
      if (key?.startsWith(this.#prefix) && newValue) tell(this.kind, JSON.parse(newValue));
    });
    on("applied", ({ added, replaced }) => {
      for (const name of [...added, ...replaced].map(this.#nameOf).filter(Boolean))
        for (const key of keys(this.#prefix)) if (key.endsWith(`:${name}`)) drop(key);
    });
  }
}
