/**
 * One of an agent's tabs sounds: the one that holds a lock of the browser. Only a tab that can
 * sound takes it, the one in front takes it from the others, and a closed tab loses it. Nothing
 * here waits for a timer: those are slow in the background.
 */
import { load, save } from "../store.js";
import { me } from "./screen.js";

const LOCK = `sound:${me.agent}`;
const LAST = `sounded:${me.agent}`;
const PAUSE = 1_000; // ms between two sounds, whichever tabs they come from

const { locks } = navigator; // not on pages without https: there the pause alone keeps one quiet
let release = null; // ends our turn, while it is ours

function take(options) {
  return new Promise((decided) => {
    let ours = null;
    const turn = (lock) => {
      decided(Boolean(lock));
      return lock && new Promise((over) => (release = ours = over));
    };
    const lost = () => {
      if (release === ours) release = null; // else we took it from ourselves
      decided(false);
    };
    locks.request(LOCK, options, turn).catch(lost); // another tab is in front now
  });
}

/** This tab can sound now: it is its turn if it is in front, or if nobody has it. */
export function offer() {
  if (!locks || release) return;
  take(document.hidden ? { ifAvailable: true } : { steal: true });
}

/** This tab cannot sound any more. */
export function leave() {
  release?.();
  release = null;
}

/** Is it this tab's turn? Whoever had it may be gone, then it is ours. */
export const isOurs = async () => !locks || Boolean(release) || take({ ifAvailable: true });

/** Does any tab sound? */
export async function isAnybodys() {
  const { held } = (await locks?.query()) ?? { held: [] };
  return held.some(({ name }) => name === LOCK);
}

/** True once in a second, for all tabs together. */
export function isDue() {
  const now = Date.now();
  if (Math.abs(now - Number(load(LAST))) < PAUSE) return false;
  save(LAST, now);
  return true;
}
