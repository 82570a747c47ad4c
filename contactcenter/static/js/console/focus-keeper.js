/**
 * The focus is never lost: what is replaced or removed under it hands it on. So does what a dialog
 * took it from: the browser gives it back only to an element that is still there.
 */
import { thread } from "./screen.js";

const FOCUSABLE = "a, button, input:not([type=hidden]), select, textarea, [tabindex]";
let last = null; // what had the focus last outside of dialogs; null where nothing had

const isCovered = () => document.querySelector("dialog[open]") !== null;

document.addEventListener("focusin", ({ target }) => {
  if (!target.closest("dialog")) last = target;
});
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  if (!relatedTarget && !isCovered() && target === last) last = null;
});
document.addEventListener(
  "close",
  ({ target }) => {
    const { activeElement, body } = document;
    const isLost = activeElement === body || target.contains(activeElement);
    if (isLost && !isCovered()) last?.focus({ preventScroll: true });
  },
  true, // a dialog's "close" does not rise
);

/** Whatever in there has the focus, or gets it back from a dialog. */
function focusedIn(element) {
  const holders = [document.activeElement, ...(isCovered() && last ? [last] : [])];
  return holders.find((each) => element.contains(each));
}

/**
 * To be asked before `old` is replaced: what puts the focus back then, to the same part of the
 * nearest element with an id, else of its next neighbour; null where the focus is elsewhere.
 */
export function keeperOf(old) {
  const focused = focusedIn(old);
  if (!focused) return null;
  const holder = focused.closest("[id]");
  const parts = [...holder.querySelectorAll(FOCUSABLE)];
  const at = parts.indexOf(focused) - parts.length; // from the end: what comes or goes stands before
  const isHolder = holder === focused;
  const give = giverOf(focused);
  const ids = [holder, ...neighbours(holder)].map((each) => each.getAttribute("id"));
  return () => {
    const there = ids.map((id) => id && document.getElementById(id)).find(Boolean);
    give(isHolder ? there : [...(there?.querySelectorAll(FOCUSABLE) ?? [])].at(at));
  };
}

/** Removes an element; its focus goes to the neighbour, not to the page's beginning. */
export function remove(element) {
  const focused = focusedIn(element);
  const give = focused && giverOf(focused);
  const [neighbour] = neighbours(element);
  element.remove();
  give?.(neighbour?.querySelector(FOCUSABLE));
}

/** What gives the focus on to another element, or leaves it to be given back to that one. */
function giverOf(focused) {
  if (focused !== document.activeElement) return (element) => (last = element ?? thread());
  return (element) => (element ?? thread()).focus({ preventScroll: true });
}

/** Those after it, then those before it, the nearest first. */
function neighbours(element) {
  const all = [...element.parentElement.children];
  const at = all.indexOf(element);
  return [...all.slice(at + 1), ...all.slice(0, at).reverse()];
}
