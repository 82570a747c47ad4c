/** <archive-pane>: the list in History. Marks what is open, says what did not load. */
import { showTimes } from "../times.js";
import { on, thread } from "./screen.js";

const PROBLEMS = ["htmx:sendError", "htmx:responseError", "htmx:timeout"];

class ArchivePane extends HTMLElement {
  #ended = new AbortController();
  #failed = null; // what was asked for in vain
  #count = 0; // rows before more were asked for

  connectedCallback() {
    this.addEventListener("htmx:beforeRequest", ({ detail }) => this.#asking(detail));
    this.addEventListener("htmx:afterSwap", () => this.#shown());
    for (const name of PROBLEMS) this.addEventListener(name, (event) => this.#missed(event));
    this.querySelector("[data-again]").addEventListener("click", () => this.#again());
    const options = { signal: this.#ended.signal, capture: true };
    document.addEventListener("keydown", (event) => this.#pressed(event), options);
    on("opened", () => this.#mark(), this.#ended);
    this.#shown();
  }

  disconnectedCallback() {
    this.#ended.abort();
  }

  get #rows() {
    return [...this.querySelectorAll(".items .item")];
  }

  get #current() {
    return document.getElementById(`archived-${thread().dataset.archived}`)?.querySelector("a");
  }

  #asking({ elt, target }) {
    if (target.id === "thread") return;
    this.#count = elt.closest(".more") ? this.#rows.length : 0;
    this.#say(null);
  }

  /** Who asked for more goes on where more begins. */
  #shown() {
    showTimes(this);
    this.#mark();
    if (this.#count) this.#rows[this.#count]?.focus();
    this.#count = 0;
  }

  #mark() {
    for (const row of this.#rows) {
      if (row === this.#current) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  #missed({ detail }) {
    if (detail.target?.id !== "thread") this.#say(detail.elt);
  }

  #say(asker) {
    this.#failed = asker;
    const line = this.querySelector(".failed");
    line.hidden = !asker;
    line.querySelector("[data-text]").textContent = asker ? this.dataset.failed : "";
  }

  #again() {
    if (this.#failed?.matches("form")) this.#failed.requestSubmit();
    else this.#failed?.click();
  }

  /** Esc: from what is read back to its row, once nothing else is open. */
  #pressed(event) {
    const { place, contact } = thread().dataset;
    const isOpen = contact === "open" || document.querySelector("dialog[open], #contact-editing form");
    if (event.key !== "Escape" || place !== "history" || isOpen) return;
    if (!thread().contains(document.activeElement) || !this.#current?.checkVisibility()) return;
    event.preventDefault();
    this.#current.focus();
  }
}

customElements.define("archive-pane", ArchivePane);
