const TEXTS = "answers";
const GIVEN = "answers-given";

/**
 * What the person wrote into the form before the chat, by field: kept while they write, and sent
 * with every hello from "Start chat" on until the server has used it.
 */
export class Answers {
  #memory;

  constructor(memory) {
    this.#memory = memory;
  }

  get texts() {
    try {
      return JSON.parse(this.#memory.get(TEXTS)) ?? {};
    } catch {
      return {};
    }
  }

  /** Null until they were handed in. */
  get given() {
    return this.#memory.get(GIVEN) === null ? null : this.texts;
  }

  keep(texts) {
    this.#memory.set(TEXTS, JSON.stringify(texts));
  }

  give(texts) {
    this.keep(texts);
    this.#memory.set(GIVEN, "yes");
  }

  forget() {
    [TEXTS, GIVEN].forEach((name) => this.#memory.remove(name));
  }
}
