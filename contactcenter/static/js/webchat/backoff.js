const SHORTEST = 500; // ms
const LONGEST = 4_000; // whoever waited longer was not back within five seconds (promise P-09)
const WHEN_SLOW = 8_000;
const FINAL = new Set([4403, 4404, 4409]); // trying again by itself would not help
const SLOW = new Set([4400, 4429]); // at once would only make it worse
const RESTARTING = 1012;

export const isFinal = (code) => FINAL.has(code);
export const isTold = (code) => FINAL.has(code) || SLOW.has(code) || code === RESTARTING;

/** How long to wait before the next try, in ms: growing, and never the same for everybody. */
export function pause(code, tries) {
  const longest = SLOW.has(code) ? WHEN_SLOW : Math.min(LONGEST, SHORTEST * 2 ** tries);
  return longest * (0.5 + Math.random() / 2);
}
