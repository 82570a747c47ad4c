import { uuid } from "../uuid.js";

const PREFIX = "unsent:";

/**
 * Texts the server has not accepted yet, in the order they were written. Each is kept under its
 * own name, so that two tabs of one customer never overwrite each other's. Sending one twice
 * does no harm: its id names it.
 */
export class Outbox {
  #memory;
  #items;
  #last = 0;

  constructor(memory) {
    this.#memory = memory;
    this.#items = memory.names(PREFIX).map((name) => this.#read(name)).filter(Boolean);
    this.#items.sort((one, other) => one.order - other.order);
  }

  get items() {
    return [...this.#items];
  }

  /** What may go out: all but those the server refused. */
  get waiting() {
    return this.#items.filter((item) => !item.held);
  }

  /** `files`: those that go with it, as the server described them. */
  add({ text, files = [] }) {
    this.#last = Math.max(this.#last + 1, Date.now());
    const item = { id: uuid(), text, files, at: new Date().toISOString(), order: this.#last };
    this.#items.push(item);
    this.#keep(item);
    return item;
  }

  settle(id) {
    this.#items = this.#items.filter((item) => item.id !== id);
    this.#memory.remove(PREFIX + id);
  }

  /** Held: kept, but not sent again by itself. Null when it is not (or no longer) here. */
  hold(id, held, reason = "") {
    const item = this.#items.find((candidate) => candidate.id === id);
    if (!item) return null;
    Object.assign(item, { held, reason });
    this.#keep(item);
    return item;
  }

  #keep(item) {
    this.#memory.set(PREFIX + item.id, JSON.stringify(item));
  }

  #read(name) {
    try {
      return JSON.parse(this.#memory.get(name));
    } catch {
      return null;
    }
  }
}
