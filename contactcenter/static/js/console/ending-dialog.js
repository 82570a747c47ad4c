/** <ending-dialog>: the typification is searched, chosen, sent. The server writes the form. */
import { drop } from "../store.js";
import { fold, me, tell, thread } from "./screen.js";

class EndingDialog extends HTMLElement {
  connectedCallback() {
    this.#dialog.addEventListener("htmx:afterSwap", () => this.#opened());
    this.#dialog.addEventListener("click", (event) => this.#clicked(event));
    this.#dialog.addEventListener("input", (event) => this.#searched(event));
    this.#dialog.addEventListener("keydown", (event) => this.#pressed(event));
    this.#dialog.addEventListener("close", () => this.#dialog.replaceChildren());
    document.body.addEventListener("ended", (event) => this.#ended(event.detail));
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  get #search() {
    return this.querySelector("[data-search] input");
  }

  get #shown() {
    return [...this.querySelectorAll(".opt:not([hidden]) input")];
  }

  #opened() {
    this.querySelector("[data-search]").hidden = false;
    if (!this.#dialog.open) this.#dialog.showModal();
    (this.querySelector("[aria-invalid]") ?? this.#search).focus();
  }

  #clicked(event) {
    if (!event.target.closest("[data-close]") && event.target !== this.#dialog) return;
    event.preventDefault();
    this.#dialog.close();
  }

  #searched(event) {
    if (event.target !== this.#search) return;
    const wanted = fold(this.#search.value);
    for (const set of this.querySelectorAll(".set")) {
      const group = set.querySelector(".grp")?.textContent ?? "";
      const options = [...set.querySelectorAll(".opt")];
      for (const option of options)
        option.hidden = !fold(group + option.textContent).includes(wanted);
      set.hidden = options.every((option) => option.hidden);
    }
    this.querySelector(".none").hidden = this.#shown.length > 0;
  }

  /** Enter and the arrow go from the search to the first match; Enter there ends nothing yet. */
  #pressed(event) {
    if (event.target !== this.#search || !["Enter", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const first = this.#shown.find((option) => option.checked) ?? this.#shown[0];
    first?.click();
    first?.focus();
  }

  #ended({ message, url, conversation }) {
    this.#dialog.close();
    drop(`draft:${me.agent}:${conversation}`);
    document.querySelector("toast-stack").show(message, url);
    thread().focus();
    tell("ended", { conversation });
  }
}

customElements.define("ending-dialog", EndingDialog);
