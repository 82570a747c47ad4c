import { part } from "./bubble.js";
import { fill } from "./wording.js";

const SHOWN = 6_000; // ms an agent counts as typing after the last word of it
const SPARING = 3_000; // ms between two frames of our own

/** "Carla is typing", for as long as it is likely to be true. */
export class Typist {
  #place;
  #timer;

  constructor(place) {
    this.#place = place;
  }

  show(name) {
    clearTimeout(this.#timer);
    const words = part(this.#place, "typist");
    words.textContent = name ? fill(words.dataset.text, { name }) : words.dataset.nobody;
    this.#place.hidden = false;
    this.#timer = setTimeout(() => this.hide(), SHOWN);
  }

  hide() {
    clearTimeout(this.#timer);
    this.#place.hidden = true;
  }
}

/** Calls `action` at most once in three seconds; after `forget` the next call is news again. */
export function sparingly(action) {
  let last = 0;
  const call = () => {
    if (Date.now() - last < SPARING) return;
    last = Date.now();
    action();
  };
  return Object.assign(call, { forget: () => (last = 0) });
}
