/** The focus is never lost: what is replaced or removed under it hands it on. */
import { thread } from "./screen.js";

const FOCUSABLE = "a, button, input:not([type=hidden]), select, textarea, [tabindex]";

/**
 * To be asked before `old` is replaced: what puts the focus back then, to the same part of the
 * nearest element with an id, else of its next neighbour; null where the focus is elsewhere.
 */
export function keeperOf(old) {
  const focused = document.activeElement;
  if (!old.contains(focused)) return null;
  const holder = focused.closest("[id]");
  const parts = [...holder.querySelectorAll(FOCUSABLE)];
  const at = parts.indexOf(focused) - parts.length; // from the end: what comes or goes stands before
  const isHolder = holder === focused;
  const ids = [holder, ...neighbours(holder)].map((each) => each.getAttribute("id"));
  return () => {
    const there = ids.map((id) => id && document.getElementById(id)).find(Boolean);
    give(isHolder ? there : [...(there?.querySelectorAll(FOCUSABLE) ?? [])].at(at));
  };
}

/** Removes an element; its focus goes to the neighbour, not to the page's beginning. */
export function remove(element) {
  const hadFocus = element.contains(document.activeElement);
  const [neighbour] = neighbours(element);
  element.remove();
  if (hadFocus) give(neighbour?.querySelector(FOCUSABLE));
}

const give = (element) => (element ?? thread()).focus({ preventScroll: true });

/** Those after it, then those before it, the nearest first. */
function neighbours(element) {
  const all = [...element.parentElement.children];
  const at = all.indexOf(element);
  return [...all.slice(at + 1), ...all.slice(0, at).reverse()];
}
