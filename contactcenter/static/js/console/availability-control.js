/** <availability-control>: accept or stop. One press is one change, however fast it is repeated. */
import { post, SignedOut, toSignIn } from "../http.js";
import { apply } from "./fragments.js";
import { on } from "./screen.js";

class AvailabilityControl extends HTMLElement {
  // The server takes nobody without an open line: an early press waits for the first one.
  #ready = new Promise((resolve) => {
    on("line", ({ state }) => state === "open" && resolve());
  });

  connectedCallback() {
    this.addEventListener("submit", (event) => this.#declare(event));
    on("line", ({ state }) => {
      this.dataset.line = state === "open" ? "open" : "down";
      this.#lock(state !== "open");
    });
    on("applied", () => this.#lock(this.dataset.line === "down"));
  }

  press() {
    this.#button.click();
  }

  get #button() {
    return this.querySelector("button");
  }

  #lock(isLocked) {
    this.#button.disabled = isLocked;
  }

  async #declare(event) {
    event.preventDefault();
    const { name, value } = event.submitter ?? this.#button;
    this.#lock(true);
    await this.#ready;
    try {
      const answer = await post(event.target.action, { [name]: value });
      const body = await answer.text();
      if (answer.ok) apply(body);
      else this.#say(answer.status < 500 ? body : this.dataset.failed);
    } catch (problem) {
      if (problem instanceof SignedOut) toSignIn();
      else this.#say(this.dataset.failed);
    } finally {
      this.#lock(this.dataset.line === "down");
    }
  }

  #say(sentence) {
    document.querySelector("toast-stack").show(sentence);
  }
}

customElements.define("availability-control", AvailabilityControl);
