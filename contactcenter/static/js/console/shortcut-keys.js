/**
 * <shortcut-keys>: every action has one key. A control names its own in aria-keyshortcuts, and the
 * key presses it; where it is not on the page, the key does nothing. What has no control stands in
 * `moves`. Letters act only outside fields, and only if wanted.
 */
import { load } from "../store.js";
import { me, open, row, thread } from "./screen.js";

const FIELD = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const OPENED_BY_ALT = "select, input[type=date]"; // with an arrow: their own list or calendar
const list = () => document.querySelector("conversation-list");
const openItem = (item) => item?.querySelector("a").click();

function step(by) {
  const { shown } = list();
  const at = shown.indexOf(row(open()));
  openItem(at < 0 ? shown.at(by > 0 ? 0 : -1) : shown[at + by]);
}

const moves = {
  J: () => step(1),
  K: () => step(-1),
  N: () => openItem(list().shown.find((item) => item.dataset.new === "1")),
};

/** As aria-keyshortcuts writes it: "E", "Shift+A", "?"; signs need no Shift of their own. */
function nameOf({ key, shiftKey }) {
  const isLetter = /^\p{L}$/u.test(key);
  return (isLetter && shiftKey ? "Shift+" : "") + (isLetter ? key.toUpperCase() : key);
}

function controlOf(name) {
  const controls = [...document.querySelectorAll("[aria-keyshortcuts]")];
  const isIts = (keys) => keys.toUpperCase().split(" ").includes(name.toUpperCase());
  return controls.find((c) => isIts(c.getAttribute("aria-keyshortcuts")) && !c.closest("[hidden]"));
}

/** A field is written in, anything else is pressed. */
const use = (control) => () => (control.matches(FIELD) ? control.focus() : control.click());

class ShortcutKeys extends HTMLElement {
  connectedCallback() {
    const button = document.querySelector("[data-keys]");
    button.hidden = false;
    button.addEventListener("click", () => this.querySelector("dialog").showModal());
    document.addEventListener("keydown", (event) => this.#pressed(event));
  }

  #pressed(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const action = this.#action(event);
    if (!action) return;
    event.preventDefault();
    action();
  }

  #action(event) {
    const { key, target, altKey, ctrlKey, metaKey } = event;
    if (ctrlKey || metaKey) return altKey ? null : this.#pressing(`Control+${nameOf(event)}`);
    if (altKey) return target.closest(OPENED_BY_ALT) ? null : { ArrowDown: moves.J, ArrowUp: moves.K }[key];
    // An open menu's own: nothing closes it when the key's default is prevented.
    if (key === "Escape") return document.querySelector("[popover]:popover-open") ? null : this.#back;
    if (load(`keys:${me.agent}`) === "off" || target.closest(FIELD)) return null;
    const name = nameOf(event);
    return moves[name] ?? this.#pressing(name);
  }

  #pressing(name) {
    const control = controlOf(name);
    return control && use(control);
  }

  /** Back to the list: on the phone it takes the thread's place. */
  #back() {
    const back = thread().querySelector(".backb");
    if (thread().dataset.contact === "open") thread().dataset.contact = "";
    else if (back?.checkVisibility()) back.click();
    else row(open())?.querySelector("a").focus();
  }
}

customElements.define("shortcut-keys", ShortcutKeys);
