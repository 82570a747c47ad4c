/** Says how much may still be written, when it is little. */
const NEAR = 200; // characters left from which on they are counted

/** Returns how many characters may follow, as the server counts them; negative: too many. */
export function countDown(counter, text) {
  const { limit, near, nearOne, over, overOne } = counter.dataset;
  const rest = limit - [...text.trim()].length;
  const count = Math.abs(rest);
  const [one, many] = rest < 0 ? [overOne, over] : [nearOne, near];
  counter.classList.toggle("full", rest < 0);
  counter.textContent = rest > NEAR ? "" : (count === 1 ? one : many).replace("{n}", count);
  return rest;
}
