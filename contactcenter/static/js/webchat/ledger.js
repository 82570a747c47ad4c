/**
 * Which messages this page has, by conversation and number. Frames may come in any order and
 * twice; the server numbers without gaps, so a hole means that something is missing.
 */
export class Ledger {
  #seen = new Map();
  current;

  /** `conversation`: the one this browser had open last, of which this page has nothing yet. */
  constructor(conversation) {
    this.current = conversation;
  }

  /** True the first time. A conversation never seen before becomes the current one. */
  record(conversation, seq) {
    const { seqs } = this.#enter(conversation);
    if (seqs.has(seq)) return false;
    seqs.add(seq);
    return true;
  }

  /** The server sent all it has up to its newest message, whatever number it began with. */
  complete(conversation, newest) {
    if (conversation) {
      const page = this.#enter(conversation);
      page.base = Math.max(page.base, newest);
    }
    this.current = conversation;
  }

  /** One from before the current one. */
  isPast(conversation) {
    return conversation !== this.current && this.#seen.has(conversation);
  }

  /** What hello says: the conversation and the last number before the first hole. */
  get place() {
    return { conversation: this.current, after: this.after };
  }

  get after() {
    const page = this.#seen.get(this.current);
    if (!page) return 0;
    while (page.seqs.has(page.base + 1)) page.base += 1;
    return page.base;
  }

  get newest() {
    const page = this.#seen.get(this.current);
    return page ? Math.max(page.base, ...page.seqs) : 0;
  }

  #enter(conversation) {
    if (!this.#seen.has(conversation)) {
      this.#seen.set(conversation, { seqs: new Set(), base: 0 });
      this.current = conversation;
    }
    return this.#seen.get(conversation);
  }
}
