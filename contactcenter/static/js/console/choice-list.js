/** A list of choices beside a field that keeps the focus: keys move in it, the field says where. */

export class ChoiceList {
  #list;
  #field;

  /** `pick(option)` when one is chosen, by key or pointer. */
  constructor(list, field, pick) {
    this.#list = list;
    this.#field = field;
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps it
    list.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option) pick(option);
    });
  }

  fill(html) {
    this.#list.innerHTML = html;
  }

  get options() {
    return [...this.#list.querySelectorAll("[role=option]")];
  }

  get current() {
    return this.#list.querySelector("[aria-selected=true]");
  }

  /** Show these, in this order, the first of them chosen. */
  show(options) {
    for (const option of this.options) option.hidden = !options.includes(option);
    this.#list.append(...options);
    this.#choose(options[0]);
  }

  step(by) {
    const shown = this.options.filter((option) => !option.hidden);
    if (shown.length) this.#choose(shown.at((shown.indexOf(this.current) + by) % shown.length));
  }

  #choose(chosen) {
    for (const option of this.options)
      option.setAttribute("aria-selected", String(option === chosen));
    if (chosen) this.#field.setAttribute("aria-activedescendant", chosen.id);
    else this.#field.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }
}

/** As typing would: it can be taken back with Ctrl+Z, and the page hears of it. */
export function insert(box, text, from, to) {
  box.focus();
  box.setSelectionRange(from, to);
  if (document.execCommand("insertText", false, text)) return;
  box.setRangeText(text, from, to, "end");
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
