/**
 * Which push may be shown. The server numbers an agent's pushes without gaps; a missing one is
 * waited for a moment, then the screen asks for everything anew. While it asks, pushes are
 * shown and also remembered: the answer may be older than they are, so they are applied again.
 */
const WAIT = 300; // ms for a push that another process published a little later

export class Revisions {
  #current;
  #newest;
  #held = new Map();
  #since = null;
  #timer = null;
  #apply;
  #refresh;

  constructor(current, { apply, refresh }) {
    this.#current = this.#newest = current;
    this.#apply = apply;
    this.#refresh = refresh;
  }

  get current() {
    return this.#current;
  }

  push(frame) {
    this.#since?.push(frame);
    if (frame.revision <= this.#current) return;
    this.#held.set(frame.revision, frame);
    this.beat(frame.revision, "gap");
  }

  /** The server says where this agent's counter stands. */
  beat(revision, why = "beat") {
    this.#newest = Math.max(this.#newest, revision);
    this.#drain();
    if (this.#newest > this.#current) this.#timer ??= setTimeout(() => this.#late(why), WAIT);
  }

  /** A refresh is about to be asked for. */
  asking() {
    this.#since = [];
  }

  /** The screen now shows everything up to this revision; what came meanwhile goes on top. */
  refreshed(revision) {
    const since = this.#since ?? [];
    this.#since = null;
    this.#current = revision;
    for (const known of [...this.#held.keys()]) if (known <= revision) this.#held.delete(known);
    for (const frame of since) this.push(frame);
    this.beat(revision, "gap");
  }

  #drain() {
    for (let frame; (frame = this.#held.get(this.#current + 1)); ) {
      this.#held.delete(++this.#current);
      this.#apply(frame);
    }
  }

  #late(why) {
    this.#timer = null;
    if (this.#newest > this.#current) this.#refresh(why);
  }
}
