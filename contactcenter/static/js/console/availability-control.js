/** <availability-control>: accept or stop. A press shows at once, a refusal puts it back. */
import { post, SignedOut, toSignIn } from "../http.js";
import { apply } from "./fragments.js";
import { on, tell } from "./screen.js";

const REST = 500; // ms: the second half of a double press is no wish to go back

class AvailabilityControl extends HTMLElement {
  #isBusy = false;
  // The server takes nobody without an open line: an early press waits for the first one.
  #ready = new Promise((resolve) => {
    on("line", ({ state }) => state === "open" && resolve());
  });

  connectedCallback() {
    this.addEventListener("submit", (event) => this.#pressed(event));
    on("line", ({ state }) => {
      this.dataset.line = state === "open" ? "open" : "down";
      this.#lock();
    });
    on("applied", () => this.#lock());
  }

  get #form() {
    return this.querySelector("form");
  }

  get #button() {
    return this.querySelector("button[name=state]");
  }

  /** Not `disabled`: the keyboard's focus stays on it. */
  #lock() {
    this.#button.setAttribute("aria-disabled", this.#isBusy || this.dataset.line === "down");
  }

  async #pressed(event) {
    event.preventDefault();
    if (this.#button.ariaDisabled === "true") return;
    this.#isBusy = true;
    this.#lock();
    await this.#ready;
    await Promise.all([this.#declare(this.#button), new Promise((done) => setTimeout(done, REST))]);
    this.#isBusy = false;
    this.#lock();
  }

  async #declare({ name, value }) {
    const takeBack = this.#turn();
    try {
      const answer = await post(this.#form.getAttribute("action"), { [name]: value });
      const body = await answer.text();
      if (!answer.ok) return takeBack(answer.status < 500 ? body : this.dataset.failed);
      apply(body);
      tell("declared", { state: value });
    } catch (problem) {
      takeBack(this.dataset.failed);
      if (problem instanceof SignedOut) toSignIn();
    }
  }

  /** Shows the other state; returns what puts the present one back and says why. */
  #turn() {
    const present = this.#form;
    const other = present.cloneNode(true);
    for (const part of other.querySelectorAll(".st, button")) part.remove();
    other.append(other.querySelector("template").content.cloneNode(true));
    other.dataset.s = present.dataset.s === "on" ? "off" : "on";
    this.#show(other);
    return (why) => {
      if (other.isConnected) this.#show(present); // else the server has shown the truth meanwhile
      document.querySelector("toast-stack").show(why);
    };
  }

  #show(form) {
    const hadFocus = this.#form.contains(document.activeElement);
    this.#form.replaceWith(form);
    this.#lock();
    if (hadFocus) this.#button.focus();
  }
}

customElements.define("availability-control", AvailabilityControl);
