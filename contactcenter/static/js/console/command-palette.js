/**
 * <command-palette>: people in my list and everything that can be done here, found by typing. It
 * knows no command itself: it offers the page's own controls and presses the chosen one.
 */
import { commands, living, optionOf, people } from "./palette-choices.js";
import { fold } from "./screen.js";

class CommandPalette extends HTMLElement {
  #choices = new Map(); // by option
  #at = 0;

  connectedCallback() {
    document.addEventListener("click", ({ target }) => target.closest("[data-palette]") && this.open());
    this.#box.addEventListener("input", () => this.#fill());
    this.#box.addEventListener("keydown", (event) => this.#pressed(event));
    this.#dialog.addEventListener("click", ({ target }) => this.#clicked(target));
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  get #box() {
    return this.querySelector("input");
  }

  get #options() {
    return [...this.querySelectorAll("[role=option]")];
  }

  open() {
    document.querySelector("#me:popover-open")?.hidePopover();
    this.#box.value = "";
    this.#fill();
    this.#dialog.showModal();
  }

  #fill() {
    this.#choices.clear();
    const wanted = fold(this.#box.value).split(/\s+/);
    const isWanted = ({ text }) => wanted.every((word) => fold(text).includes(word));
    this.#group("people", people().filter(isWanted));
    this.#group("commands", commands().filter(isWanted));
    const says = this.querySelector("[data-none]");
    says.textContent = this.#choices.size ? "" : says.dataset.none;
    this.#mark(0);
  }

  #group(name, choices) {
    const group = this.querySelector(`[data-group=${name}]`);
    for (const old of group.querySelectorAll("[role=option]")) old.remove();
    group.hidden = choices.length === 0;
    for (const choice of choices) {
      const option = optionOf(choice, `palette-${this.#choices.size}`);
      this.#choices.set(option, choice);
      group.append(option);
    }
  }

  #mark(at) {
    const options = this.#options;
    this.#at = (at + options.length) % options.length || 0;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.#at)));
    this.#box.setAttribute("aria-activedescendant", options[this.#at]?.id ?? "");
    options[this.#at]?.scrollIntoView({ block: "nearest" });
  }

  #pressed(event) {
    const move = { ArrowDown: this.#at + 1, ArrowUp: this.#at - 1 }[event.key];
    if (move !== undefined) this.#mark(move);
    else if (event.key === "Enter" && !event.isComposing) this.#choose(this.#options[this.#at]);
    else return;
    event.preventDefault();
  }

  #clicked(target) {
    if (target === this.#dialog) this.#dialog.close();
    this.#choose(target.closest("[role=option]"));
  }

  /** Closed first: the focus is then where the control's own work expects it. */
  #choose(option) {
    const choice = this.#choices.get(option);
    if (!choice) return;
    this.#dialog.close();
    living(choice)?.click();
  }
}

customElements.define("command-palette", CommandPalette);
