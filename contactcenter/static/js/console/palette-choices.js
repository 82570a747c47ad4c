/** What the palette offers: the people of my list, and the page's own controls by their names. */
import { copy } from "./screen.js";

const MENUS = ".rail :is(a, button), #me :is(a, button)";
const COMMANDS = `${MENUS}, :is(a, button)[aria-keyshortcuts]:not(.item)`;
const OPENERS = "[popovertarget], [data-palette]"; // they lead to what is offered here anyway
const KEYS = { Control: "Ctrl" };

/** `control` is what is pressed, `text` what is searched; `keys` do the same without the palette. */
function choice(control, name, detail, icon) {
  const [first = ""] = (control.getAttribute("aria-keyshortcuts") ?? "").split(" ");
  const keys = first.split("+").filter(Boolean).map((key) => KEYS[key] ?? key);
  const shown = keys.map((key) => (key.length === 1 ? key.toUpperCase() : key));
  return { control, name, detail, icon, keys: shown, text: `${name} ${detail}` };
}

export function people() {
  const rows = [...document.querySelectorAll("#items > li a.item")];
  return rows.map((link) => {
    const words = [...link.querySelectorAll(".l2 > span:not(.icon)")].map((part) => part.textContent);
    return choice(link, link.querySelector(".nm bdi").textContent, words.join(" "), iconOf(link.querySelector(".l2")));
  });
}

export function commands() {
  const found = new Map();
  for (const control of document.querySelectorAll(COMMANDS)) {
    if (control.matches(OPENERS) || control.closest("[hidden]")) continue;
    const name = nameOf(control);
    if (!found.has(name)) found.set(name, choice(control, name, "", iconOf(control)));
  }
  return [...found.values()];
}

/** What is pressed now: a push may have put a new row or button in the old one's place, and a click
    on the old one would leave the page. */
export function living({ control, text }) {
  if (control.isConnected) return control;
  const same = (other) => other.text === text && other.control.href === control.href;
  return [...people(), ...commands()].find(same)?.control;
}

/** How a choice stands in the list. */
export function optionOf({ name, detail, icon, keys }, id) {
  const option = copy("palette-option");
  option.id = id;
  option.querySelector(".icon").classList.add(icon);
  option.querySelector("b").textContent = name;
  option.querySelector("small").textContent = detail;
  const caps = keys.map((key) => Object.assign(document.createElement("kbd"), { textContent: key }));
  option.querySelector(".caps").append(...caps);
  return option;
}

const iconOf = (element) =>
  [...(element.querySelector(".icon")?.classList ?? [])].find((name) => name.startsWith("i-")) ?? "i-right";

/** As it is read aloud. */
function nameOf(control) {
  const words = control.cloneNode(true);
  for (const part of words.querySelectorAll("[aria-hidden=true], kbd")) part.remove();
  return control.getAttribute("aria-label") ?? words.textContent.trim();
}
