/**
 * What all dialogs that the server writes have in common: htmx puts the form in, then it opens; a
 * press on [data-close] or beside it closes, if it may; closed, it is empty.
 */
import { open, thread } from "./screen.js";

export function prepare(dialog, { opened, closed = () => {}, mayClose = () => true }) {
  dialog.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== dialog) return;
    if (!dialog.open) dialog.showModal();
    opened();
  });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]") && event.target !== dialog) return;
    event.preventDefault();
    if (mayClose()) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    // Not its "cancel": a browser lets a page refuse that once only.
    if (event.key === "Escape" && !mayClose()) event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    closed();
    dialog.replaceChildren();
  });
}

/** Enter and the arrow go from the search to the first match; Enter there decides nothing yet. */
export function fromSearch(event, search, shown) {
  if (event.target !== search || !["Enter", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const first = shown.find((option) => option.checked) ?? shown.find((option) => !option.disabled);
  first?.click();
  first?.focus();
}

/** This tab itself gives it away (none named: all of them): its thread is left by whoever did. */
export function given(conversation, isGiven = true) {
  if (conversation && conversation !== open()) return;
  if (isGiven) thread().dataset.given = "";
  else delete thread().dataset.given;
}

export const toast = (...what) => document.querySelector("toast-stack").show(...what);
