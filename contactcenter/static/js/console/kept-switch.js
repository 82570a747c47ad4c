/**
 * <kept-switch data-key data-on data-off>: a wish that this browser keeps for this agent, the same
 * in all tabs. The state whose value is empty is the one where nobody has chosen.
 */
import { drop, load, save } from "../store.js";
import { me } from "./screen.js";

class KeptSwitch extends HTMLElement {
  #ended = new AbortController();

  connectedCallback() {
    this.hidden = false;
    this.addEventListener("change", () => this.#keep());
    addEventListener("storage", () => this.#show(), this.#ended);
    this.#show();
  }

  disconnectedCallback() {
    this.#ended.abort();
  }

  get #box() {
    return this.querySelector("input");
  }

  get #key() {
    return `${this.dataset.key}:${me.agent}`;
  }

  #keep() {
    const value = this.#box.checked ? this.dataset.on : this.dataset.off;
    if (value) save(this.#key, value);
    else drop(this.#key);
  }

  #show() {
    const { on, off } = this.dataset;
    this.#box.checked = off ? load(this.#key) !== off : load(this.#key) === on;
  }
}

customElements.define("kept-switch", KeptSwitch);
