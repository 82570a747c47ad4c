/**
 * The sound itself: two short notes, made here. A browser lets a page sound after a press in it;
 * every press arms it (Accept is one), and nothing else has to be done for it.
 */
const NOTES = [
  { hertz: 880, from: 0, to: 0.08 }, // seconds
  { hertz: 1174.66, from: 0.08, to: 0.18 },
];
const LOUDNESS = 0.2; // of 1
const ATTACK = 0.012; // seconds: without it a note clicks
const SILENT = 0.0001; // an exponential ramp never reaches 0

const context = window.AudioContext ? new AudioContext() : null;

/** May a sound be heard now? */
export const isArmed = () => context?.state === "running";

/** Where there is no audio at all, nobody can turn it on. */
export const isPossible = Boolean(context);

let arming = null;

/** To be called in a press; resolves when the browser lets us sound. */
export const arm = () => (arming = context?.resume().catch(() => {}));

/** Once the last press has had its effect, a second later at the latest: news may be faster. */
export const settled = () =>
  isArmed() || Promise.race([arming, new Promise((late) => setTimeout(late, 1_000))]);

export function onChange(listener) {
  context?.addEventListener("statechange", listener);
}

export function play() {
  const oscillator = new OscillatorNode(context);
  const volume = new GainNode(context, { gain: 0 });
  const now = context.currentTime;
  for (const { hertz, from, to } of NOTES) {
    oscillator.frequency.setValueAtTime(hertz, now + from);
    volume.gain.setValueAtTime(SILENT, now + from);
    volume.gain.exponentialRampToValueAtTime(LOUDNESS, now + from + ATTACK);
    volume.gain.exponentialRampToValueAtTime(SILENT, now + to);
  }
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(now);
  oscillator.stop(now + NOTES.at(-1).to);
}

for (const press of ["click", "keydown"])
  addEventListener(press, () => isArmed() || arm(), { capture: true });
