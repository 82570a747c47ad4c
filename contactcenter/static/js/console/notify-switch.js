/** <notify-switch>: asks the browser for notifications, only when pressed, and says why not. */
import { drop, save } from "../store.js";
import { isOn, KEY, obstacle } from "./notifying.js";

class NotifySwitch extends HTMLElement {
  #ended = new AbortController();

  connectedCallback() {
    this.hidden = false;
    this.addEventListener("change", () => this.#pressed());
    addEventListener("storage", () => this.#show(), this.#ended);
    addEventListener("focus", () => this.#show(), this.#ended); // changed in the browser's settings
    this.#show();
  }

  disconnectedCallback() {
    this.#ended.abort();
  }

  get #box() {
    return this.querySelector("input");
  }

  async #pressed() {
    if (!this.#box.checked) drop(KEY);
    else if (!obstacle() && (await Notification.requestPermission()) === "granted") save(KEY, "on");
    this.#show();
  }

  #show() {
    const why = obstacle();
    this.#box.checked = isOn();
    this.querySelector("[data-why]").textContent = why ? this.dataset[why] : "";
  }
}

customElements.define("notify-switch", NotifySwitch);
