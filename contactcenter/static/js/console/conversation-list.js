/** <conversation-list>: my rows. Marks the open one, orders by newest, never under the pointer. */
import { markRows } from "./row-marks.js";
import { fold, on } from "./screen.js";

const finePointer = matchMedia("(hover: hover)");

class ConversationList extends HTMLElement {
  connectedCallback() {
    const filter = this.querySelector("[data-filter]");
    filter.hidden = false;
    filter.addEventListener("input", () => this.settle());
    this.querySelector("[data-clear]").addEventListener("click", () => this.#clear());
    this.addEventListener("pointerleave", () => this.settle());
    this.addEventListener("focusout", () => setTimeout(() => this.settle()));
    on("applied", () => this.settle());
    on("opened", () => this.settle());
    this.settle();
  }

  get rows() {
    return [...this.#list.querySelectorAll(":scope > li")];
  }

  get shown() {
    return this.rows.filter((item) => !item.hidden);
  }

  get #list() {
    return document.getElementById("items");
  }

  /** A new row: last for now, so that nothing moves under the pointer. */
  place(item) {
    this.#list.append(item);
  }

  /** A whole new list: under the pointer or the focus it keeps the order of the present one. */
  adopt(list) {
    if (list.id !== "items" || !this.#isBusy) return;
    const places = new Map(this.rows.map(({ id }, i) => [id, i]));
    const place = ({ id }) => places.get(id) ?? places.size;
    list.append(...[...list.children].sort((a, b) => place(a) - place(b)));
  }

  settle() {
    if (!this.#isBusy) this.#sort();
    this.#filter();
    const limit = document.getElementById("slots").dataset.limit;
    this.querySelector(".limit").textContent = limit;
    markRows(this.rows, this.shown);
  }

  get #isBusy() {
    // Around the rows: those that were put in a moment ago do not know yet that they are hovered.
    const isPointed = finePointer.matches && this.querySelector(".scroll").matches(":hover");
    return isPointed || this.#list.contains(document.activeElement);
  }

  #sort() {
    const sorted = this.rows.sort((a, b) => Date.parse(b.dataset.at) - Date.parse(a.dataset.at));
    if (sorted.some((item, i) => item !== this.#list.children[i])) this.#list.append(...sorted);
  }

  #filter() {
    const wanted = fold(this.querySelector("[data-filter] input").value);
    for (const item of this.rows) {
      const named = item.querySelector(".nm").textContent + item.querySelector(".l2").textContent;
      item.hidden = !fold(named).includes(wanted);
    }
    const isUnmatched = this.rows.length > 0 && this.shown.length === 0;
    const says = this.querySelector("[data-none]");
    this.toggleAttribute("data-unmatched", isUnmatched);
    const sentence = isUnmatched ? says.dataset.none : "";
    if (says.textContent !== sentence) says.textContent = sentence;
  }

  #clear() {
    const box = this.querySelector("[data-filter] input");
    box.value = "";
    this.settle();
    box.focus();
  }
}

customElements.define("conversation-list", ConversationList);
