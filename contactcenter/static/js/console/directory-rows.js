/** The rows of internal chat's directory: which are found, which is open, what the selected offers. */
import { fold, open } from "./screen.js";

const rows = (directory) => [...directory.querySelectorAll(".ag")];

/** The radios of those who are found. */
export const found = (directory) =>
  rows(directory).filter((row) => !row.hidden).map((row) => row.querySelector("input"));

export const selected = (directory) => directory.querySelector(".ag:has(:checked)");

export function settle(directory) {
  sort(directory.querySelector("#direct-chats"));
  filter(directory);
  for (const link of directory.querySelectorAll("#direct-chats a")) mark(link);
  offer(directory);
}

/** Newest first, but never under the focus. */
function sort(list) {
  const present = [...list.children];
  const sorted = present.toSorted((a, b) => Date.parse(b.dataset.at) - Date.parse(a.dataset.at));
  const isDue = sorted.some((row, i) => row !== present[i]);
  if (isDue && !list.contains(document.activeElement)) list.append(...sorted);
}

function filter(directory) {
  const wanted = fold(directory.querySelector("[type=search]").value);
  for (const row of rows(directory)) row.hidden = !fold(row.dataset.name).includes(wanted);
  const says = directory.querySelector("[data-none]");
  const sentence = wanted && !found(directory).length ? says.dataset.none : "";
  if (says.textContent !== sentence) says.textContent = sentence;
}

function mark(link) {
  if (link.parentElement.id === `direct-${open()}`) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}

/** The one button stands in the selected row; with somebody who is not there no chat begins. */
function offer(directory) {
  const [deed, row] = [directory.querySelector(".deed"), selected(directory)];
  deed.hidden = !row || row.hidden;
  if (!row) return;
  if (deed.parentElement !== row) row.append(deed);
  const number = row.querySelector("input").value;
  const isRefused = row.matches(".off") && !directory.querySelector(`[data-with="${number}"]`);
  const why = deed.querySelector(".hint");
  deed.querySelector("button").disabled = isRefused;
  why.textContent = isRefused ? why.dataset.inactive : "";
}
