/** Says how much may still be written, when it is little. */
const NEAR = 200; // characters left from which on they are counted

/** Returns how many characters may follow, as the server counts them; negative: too many. */
export function countDown(counter, text) {
  const { limit, near, over } = counter.dataset;
  const rest = limit - [...text.trim()].length;
  counter.classList.toggle("full", rest < 0);
  const sentence = (rest < 0 ? over : near).replace("{n}", Math.abs(rest));
  counter.textContent = rest > NEAR ? "" : sentence;
  return rest;
}
