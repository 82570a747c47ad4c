/** <conversation-list>: my rows. Marks the open one, orders by newest, never under the pointer. */
import { fold, me, on, open, row } from "./screen.js";

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

  settle() {
    if (!this.#isBusy) this.#sort();
    this.#filter();
    const limit = document.getElementById("slots").dataset.limit;
    this.querySelector(".limit").textContent = limit;
    this.shown.forEach((item, i) => {
      const link = item.querySelector("a");
      if (item === row(open())) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      if (i < 9) link.setAttribute("aria-keyshortcuts", String(i + 1));
      const you = item.querySelector("[data-you]");
      if (you) you.hidden = you.dataset.you !== me.agent;
    });
  }

  get #isBusy() {
    const isPointed = finePointer.matches && this.#list.matches(":hover");
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
