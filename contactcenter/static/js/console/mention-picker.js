/** <mention-picker>: "@" in a note offers colleagues; the text alone says who is meant. */
import { get } from "../http.js";
import { ChoiceList, insert } from "./choice-list.js";
import { fold } from "./screen.js";

const NAME = /(?:^|[\s(¿¡])@([^@\n]{0,40})$/u; // what stands between the @ and the caret

class MentionPicker extends HTMLElement {
  #choices = null;
  #at = 0; // where the @ stands

  connectedCallback() {
    this.#choices = new ChoiceList(this.#list, this.#box, (option) => this.#pick(option));
    this.#box.setAttribute("aria-controls", this.#list.id);
    this.#box.addEventListener("input", () => this.#typed());
    this.addEventListener("keydown", (event) => this.#pressed(event));
    this.#box.addEventListener("blur", () => this.#close());
  }

  get #list() {
    return this.querySelector("[role=listbox]");
  }

  get #box() {
    return this.querySelector("textarea");
  }

  async #typed() {
    if (!this.#name()) return this.#close();
    if (this.#list.hidden) await this.#load();
    const found = this.#name();
    const fit = found ? this.#choices.options.filter((option) => fits(option, found[1])) : [];
    if (!fit.length) return this.#close();
    this.#at = this.#box.selectionStart - found[1].length - 1;
    this.#list.hidden = false;
    this.#choices.show(fit);
  }

  #name() {
    return this.#box.value.slice(0, this.#box.selectionStart).match(NAME);
  }

  /** Asked for each time it opens; without a line, those known serve. */
  async #load() {
    const answer = await get(this.dataset.url).catch(() => null);
    if (answer?.ok) this.#choices.fill(await answer.text());
  }

  #close() {
    this.#list.hidden = true;
    this.#box.removeAttribute("aria-activedescendant");
  }

  #pressed(event) {
    const { key, shiftKey, isComposing } = event;
    if (this.#list.hidden || isComposing || event.keyCode === 229) return;
    if (key === "ArrowDown") this.#choices.step(1);
    else if (key === "ArrowUp") this.#choices.step(-1);
    else if (key === "Escape") this.#close();
    else if ((key === "Enter" || key === "Tab") && !shiftKey) this.#pick(this.#choices.current);
    else return;
    event.preventDefault();
    event.stopPropagation(); // the note is not added yet
  }

  #pick({ dataset }) {
    insert(this.#box, `@${dataset.name} `, this.#at, this.#box.selectionStart);
    this.#close();
  }
}

/** The start of the name or of one of its words; one that stands there whole needs no choosing. */
function fits({ dataset }, typed) {
  const [name, wanted] = [fold(dataset.name), fold(typed)];
  if (wanted === name && typed !== typed.trimEnd()) return false;
  return [name, ...name.split(/\s+/)].some((part) => part.startsWith(wanted));
}

customElements.define("mention-picker", MentionPicker);
