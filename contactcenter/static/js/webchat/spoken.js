/** A live region that is not talkative: what changes often is read aloud once in a while only. */
export class Spoken {
  #region;
  #pause;
  #next = "";
  #timer = null;

  /** `pause`: ms between two sentences; of those in between only the last is said. */
  constructor(region, pause) {
    this.#region = region;
    this.#pause = pause;
  }

  say(sentence) {
    this.#next = sentence;
    if (this.#timer === null) this.#speak();
  }

  silence() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#region.textContent = this.#next = "";
  }

  #speak() {
    this.#timer = null;
    if (this.#region.textContent === this.#next) return;
    this.#region.textContent = this.#next;
    this.#timer = setTimeout(() => this.#speak(), this.#pause);
  }
}
