/**
 * <pause-menu>: why one has stopped. It opens beside the button after a press on Stop and takes no
 * focus; the down arrow goes into it, Escape away.
 */
import { post, SignedOut, toSignIn } from "../http.js";
import { apply } from "./fragments.js";
import { on } from "./screen.js";

const FIELD = "input, textarea, select, [contenteditable]";

class PauseMenu extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.#chosen(event));
    document.addEventListener("keydown", (event) => this.#pressed(event));
    on("declared", ({ state }) => state === "not_available" && this.#offer());
    on("applied", () => this.#isPaused || this.#close());
  }

  get #menu() {
    return this.querySelector("[popover]");
  }

  get #isOpen() {
    return this.#menu.matches(":popover-open");
  }

  get #isPaused() {
    return document.getElementById("availability").dataset.s === "off";
  }

  get #reasons() {
    return [...this.querySelectorAll("[name=reason]")];
  }

  #offer() {
    if (this.#reasons.length && !this.#isOpen) this.#menu.showPopover();
  }

  #close() {
    if (this.#isOpen) this.#menu.hidePopover();
  }

  async #chosen(event) {
    event.preventDefault();
    const { value } = event.submitter;
    this.#close();
    try {
      const answer = await post(event.target.getAttribute("action"), {
        state: "not_available",
        reason: value,
      });
      const body = await answer.text();
      if (answer.ok) apply(body);
      else this.#say(answer.status < 500 ? body : this.dataset.failed);
    } catch (problem) {
      this.#say(this.dataset.failed);
      if (problem instanceof SignedOut) toSignIn();
    }
  }

  #say(why) {
    document.querySelector("toast-stack").show(why);
  }

  #pressed(event) {
    const { key, target, altKey, ctrlKey, metaKey } = event;
    if (!this.#isOpen || altKey || ctrlKey || metaKey) return;
    if (!this.#menu.contains(target) && target.closest(FIELD)) return;
    const reasons = this.#reasons;
    const at = reasons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[key];
    if (to === undefined) return;
    event.preventDefault();
    reasons.at(to % reasons.length).focus();
  }
}

customElements.define("pause-menu", PauseMenu);
