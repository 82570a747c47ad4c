/** <ending-dialog>: the typification is searched, chosen, sent. The server writes the form. */
import { drop } from "../store.js";
import { fromSearch, prepare, toast } from "./dialogs.js";
import { fold, me, tell, thread } from "./screen.js";

class EndingDialog extends HTMLElement {
  connectedCallback() {
    prepare(this.#dialog, { opened: () => this.#opened() });
    this.#dialog.addEventListener("input", (event) => this.#searched(event));
    this.#dialog.addEventListener("keydown", (event) =>
      fromSearch(event, this.#search, this.#shown),
    );
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
    (this.querySelector("[aria-invalid]") ?? this.#search).focus();
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

  #ended({ message, url, conversation }) {
    this.#dialog.close();
    drop(`draft:${me.agent}:${conversation}`);
    toast(message, url);
    thread().focus();
    tell("ended", { conversation });
  }
}

customElements.define("ending-dialog", EndingDialog);
