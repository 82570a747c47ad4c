/** <quick-replies>: "/" in an empty box, or the bolt: search, choose, and it stands in the box. */
import { insert } from "./choice-list.js";
import { OfferedReplies } from "./offered-replies.js";

class QuickReplies extends HTMLElement {
  #ended = new AbortController();
  #offered = null;

  connectedCallback() {
    this.#offered = new OfferedReplies(this.#panel, (option) => this.#pick(option));
    this.#bolt.addEventListener("click", () => (this.#panel.hidden ? this.open() : this.#close()));
    this.#box.addEventListener("input", (event) => this.#typed(event), this.#ended);
    this.#panel.addEventListener("keydown", (event) => this.#pressed(event));
    this.addEventListener("focusout", ({ relatedTarget }) => this.#left(relatedTarget));
    document.addEventListener("pointerdown", ({ target }) => this.#left(target), this.#ended);
  }

  disconnectedCallback() {
    this.#ended.abort();
  }

  get #bolt() {
    return this.querySelector("[data-bolt]");
  }

  get #panel() {
    return this.querySelector("[role=dialog]");
  }

  get #box() {
    return this.closest("form").querySelector("textarea");
  }

  open() {
    this.#show(true);
    this.#offered.open(this.dataset.url);
  }

  #show(isShown) {
    this.#panel.hidden = !isShown;
    this.#bolt.setAttribute("aria-expanded", String(isShown));
  }

  /** What was typed stays, also the "/". */
  #close() {
    this.#show(false);
    this.#box.focus();
  }

  #left(target) {
    if (target && !this.contains(target)) this.#show(false);
  }

  #typed({ inputType }) {
    if (inputType?.startsWith("insert") && this.#box.value === "/") this.open();
  }

  #pressed(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      return this.#close();
    }
    const chosen = this.#offered.pressed(event);
    if (chosen === undefined) return;
    event.preventDefault();
    if (chosen) this.#pick(chosen);
  }

  /** In the place of the "/" that opened it, else of what is selected. */
  #pick({ dataset }) {
    const box = this.#box;
    const [from, to] = box.value === "/" ? [0, 1] : [box.selectionStart, box.selectionEnd];
    this.#show(false);
    insert(box, dataset.text, from, to);
  }
}

customElements.define("quick-replies", QuickReplies);
