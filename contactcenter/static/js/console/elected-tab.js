/**
 * One of an agent's tabs does what all could do (sound, notify): the one that holds a lock of the
 * browser. Only a tab that can do it takes it, the one in front takes it from the others, and a
 * closed tab loses it. Nothing here waits for a timer: those are slow in the background.
 */
import { me } from "./screen.js";

const { locks } = navigator; // not on pages without https: there every tab thinks it is its turn

export class ElectedTab {
  #lock;
  #release = null; // ends our turn, while it is ours

  constructor(what) {
    this.#lock = `${what}:${me.agent}`;
    // The browser does it too, but later: nobody would tell what comes meanwhile.
    addEventListener("pagehide", () => this.leave());
  }

  #take(options) {
    return new Promise((decided) => {
      let ours = null;
      const turn = (lock) => {
        decided(Boolean(lock));
        return lock && new Promise((over) => (this.#release = ours = over));
      };
      const lost = () => {
        if (this.#release === ours) this.#release = null; // else we took it from ourselves
        decided(false);
      };
      locks.request(this.#lock, options, turn).catch(lost); // another tab is in front now
    });
  }

  /** This tab can do it now: it is its turn if it is in front, or if nobody has it. */
  offer() {
    if (!locks || this.#release) return;
    this.#take(document.hidden ? { ifAvailable: true } : { steal: true });
  }

  /** This tab cannot do it any more. */
  leave() {
    this.#release?.();
    this.#release = null;
  }

  /** Is it this tab's turn? Whoever had it may be gone, then it is ours. */
  async isOurs() {
    return !locks || Boolean(this.#release) || this.#take({ ifAvailable: true });
  }

  /** Does any tab do it? */
  async isAnybodys() {
    const { held } = (await locks?.query()) ?? { held: [] };
    return held.some(({ name }) => name === this.#lock);
  }
}
