/** Which quick replies fit what was typed: by the start of their shortcut first, then by words. */
import { fold } from "./screen.js";

const words = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** 0: the shortcut begins so; 1: each word begins one of the text's; else it does not fit. */
function rank({ dataset }, typed) {
  const wanted = fold(typed).replace(/^\//, "");
  if (fold(dataset.shortcut).startsWith(wanted)) return 0;
  const there = words(`${dataset.shortcut} ${dataset.text}`);
  const fits = words(wanted).every((word) => there.some((other) => other.startsWith(word)));
  return fits ? 1 : Infinity;
}

/** The fitting ones, best first; they keep their order otherwise. */
export function fitting(options, typed) {
  const ranked = options.map((option) => ({ option, by: rank(option, typed) }));
  const kept = ranked.filter(({ by }) => by < Infinity).sort((a, b) => a.by - b.by);
  return kept.map(({ option }) => option);
}
