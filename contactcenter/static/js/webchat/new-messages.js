import { part } from "./bubble.js";
import { fill } from "./wording.js";

const NEAR = 24; // px from the end that still count as the end

/**
 * "2 new messages", while the person has scrolled up: what arrives does not move them. Event:
 * "moved", when the newest message comes into view or leaves it.
 */
class NewMessages extends HTMLElement {
  #count = 0;
  #log = this.parentElement.querySelector("chat-thread");
  #atEnd = true;

  connectedCallback() {
    this.#log.addEventListener("scroll", () => this.#look(), { passive: true });
    this.addEventListener("click", () => {
      this.#log.scrollTop = 0; // column-reverse: the newest end
      this.#log.focus({ preventScroll: true });
    });
  }

  get atEnd() {
    return this.#atEnd;
  }

  record({ from }) {
    if (from !== "contact" && !this.#atEnd) this.#show(this.#count + 1);
  }

  #look() {
    const atEnd = Math.abs(this.#log.scrollTop) < NEAR;
    if (atEnd) this.#show(0);
    if (atEnd === this.#atEnd) return;
    this.#atEnd = atEnd;
    this.dispatchEvent(new Event("moved"));
  }

  #show(count) {
    this.#count = count;
    this.hidden = count === 0;
    const { one, many } = this.dataset;
    part(this, "words").textContent = count === 1 ? one : fill(many, { count });
  }
}

customElements.define("new-messages", NewMessages);
