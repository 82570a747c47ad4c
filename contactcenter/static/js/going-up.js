/** A chosen file goes up, one after the other: each is there sooner. */
import { sizeInWords } from "./file-kinds.js";
import { carry, Unreadable } from "./uploading.js";

let lane = Promise.resolve();

/**
 * `words`: what is said of it (`waits`, `going`, `lost`, `tooBig`, `unreadable`, `failed`); `way` as
 * `carry` wants it; `most` bytes. Tells `says(state, sentence)` with "going" or "lost", `percent(n)`,
 * `refused(sentence, line of the box)` where it does not go at all, and `answered(answer)`.
 */
export function goUp(file, { way, most, words, signal }, told) {
  if (file.size > most) return told.refused(sizes(words.tooBig, file.size, most), "size");
  told.says("going", words.waits);
  const heard = {
    going(percent) {
      told.percent(percent);
      told.says("going", words.going);
    },
    lost: (sentence) => told.says("lost", sentence || words.lost),
  };
  const go = async () => told.answered(await carry(file, way, heard, signal));
  const stop = (problem) => problem instanceof Unreadable && told.refused(words.unreadable);
  lane = lane.then(() => signal.aborted || go().catch(stop));
}

const sizes = (sentence, size, most) =>
  sentence.replace("{size}", sizeInWords(size)).replace("{most}", sizeInWords(most));
