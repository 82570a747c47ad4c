/** <shortcut-keys>: every action has one key. Letters only outside fields, and only if wanted. */
import { load, save } from "../store.js";
import { me, open, row, thread } from "./screen.js";

const SWITCH = `keys:${me.agent}`;
const FIELD = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const list = () => document.querySelector("conversation-list");
const openItem = (item) => item?.querySelector("a").click();

function step(by) {
  const { shown } = list();
  const at = shown.indexOf(row(open()));
  openItem(at < 0 ? shown.at(by > 0 ? 0 : -1) : shown[at + by]);
}

const actions = {
  j: () => step(1),
  k: () => step(-1),
  n: () => openItem(list().shown.find((item) => item.dataset.new === "1")),
  r: () => thread().querySelector("message-composer")?.focus(),
  t: () => thread().querySelector("[data-testid=transfer]")?.click(),
  e: () => thread().querySelector("[data-testid=end]")?.click(),
  d: () => thread().querySelector("[data-contact-toggle]")?.click(),
  a: () => thread().querySelector("attach-menu")?.open(),
  A: () => document.querySelector("availability-control").press(),
  "?": () => document.getElementById("keys").showModal(),
};

class ShortcutKeys extends HTMLElement {
  connectedCallback() {
    const single = this.querySelector("[data-single]");
    single.checked = load(SWITCH) !== "off";
    single.addEventListener("change", () => save(SWITCH, single.checked ? "on" : "off"));
    document.addEventListener("keydown", (event) => this.#pressed(event, single.checked));
    const button = document.querySelector("[data-keys]");
    button.hidden = false;
    button.addEventListener("click", actions["?"]);
  }

  #pressed(event, areLettersOn) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const action = this.#action(event, areLettersOn);
    if (!action) return;
    event.preventDefault();
    action();
  }

  #action({ key, target, altKey, ctrlKey, metaKey }, areLettersOn) {
    if (ctrlKey || metaKey) return null;
    if (altKey) return { ArrowDown: actions.j, ArrowUp: actions.k }[key];
    if (key === "Escape") return this.#back;
    if (!areLettersOn || target.closest(FIELD)) return null;
    if (/^[1-9]$/.test(key)) return () => openItem(list().shown[key - 1]);
    return actions[key];
  }

  /** Back to the list: on the phone it takes the thread's place. */
  #back() {
    const back = thread().querySelector(".backb");
    if (document.querySelector("[popover]:popover-open")) return;
    if (thread().dataset.contact === "open") thread().dataset.contact = "";
    else if (back?.checkVisibility()) back.click();
    else row(open())?.querySelector("a").focus();
  }
}

customElements.define("shortcut-keys", ShortcutKeys);
