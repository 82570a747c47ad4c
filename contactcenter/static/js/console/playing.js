/** Who listens goes on listening when what they hear is drawn anew. */

const players = (root) => [...root.querySelectorAll("audio, video")];
const whole = (player) => player.closest("audio-player") ?? player; // with its speed

/** Asked before `element` takes the place of `old`; the answer, if any, is called when it has. */
export function playerOf(old, element) {
  const heard = players(old).find(({ paused }) => !paused);
  const source = heard?.getAttribute("src");
  const silent = source && players(element).find((other) => other.getAttribute("src") === source);
  // A player that is moved, all within one task, plays on.
  return silent && (() => whole(silent).replaceWith(whole(heard)));
}
