/**
 * Puts the server's fragments on the screen. Every root element has an id: one that is there
 * already is replaced, a new one goes to the place its data-into names, one whose place is not
 * on screen is skipped. Applying the same html twice changes nothing.
 */
import { keeperOf, remove } from "./focus-keeper.js";
import { playerOf } from "./playing.js";
import { tell } from "./screen.js";
import { showTimes } from "../times.js";

/**
 * Tells "applied" with what was added, replaced and removed. `home` overrides data-into (older
 * messages belong to other conversations); `only` is a selector of what to take.
 */
export function apply(html, { home, only = "*" } = {}) {
  const box = document.createElement("template");
  box.innerHTML = html;
  showTimes(box.content);
  const news = { added: [], replaced: [], removed: [] };
  for (const element of [...box.content.children])
    if (element.matches(only)) put(element, home, news);
  tell("applied", news);
}

function put(element, home, news) {
  const gone = element.dataset.remove;
  const id = element.getAttribute("id"); // a form with a field of that name has no .id
  const old = document.getElementById(gone ?? id);
  if (gone) {
    if (old) remove(old);
    news.removed.push(gone);
  } else if (old) {
    replace(old, element, news);
  } else if (place(element, home)) {
    news.added.push(element);
  }
  if (element.isConnected) window.htmx.process(element);
}

function replace(old, element, news) {
  // A form somebody writes in stays; it is replaced only by something else (a notice).
  if (old.matches("[data-keep]") && element.matches("[data-keep]")) return;
  const refocus = keeperOf(old);
  const playOn = playerOf(old, element);
  old.closest("[data-places]")?.adopt?.(element);
  if (old.matches(".pending, .failed")) {
    old.remove(); // it has its number now, and with it its place
    place(element);
  } else {
    old.replaceWith(element);
  }
  playOn?.();
  refocus?.();
  news.replaced.push(element);
}

function place(element, home) {
  const target = home ?? document.getElementById(element.dataset.into);
  const owner = target?.closest("[data-places]");
  owner?.place(element);
  return Boolean(owner);
}
