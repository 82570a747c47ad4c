/**
 * <running-time data-seconds>: a span that grows, from what the server measured; this computer's
 * clock may be wrong. Amber from data-late seconds on, red from data-very-late.
 */
import { span } from "../times.js";

class RunningTime extends HTMLElement {
  #timer = null;

  connectedCallback() {
    const began = performance.now() - Number(this.dataset.seconds) * 1000;
    const show = () => this.#show((performance.now() - began) / 1000);
    this.#timer = setInterval(show, 1000);
    show();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #show(seconds) {
    const { late, veryLate } = this.dataset;
    this.textContent = span(Math.round(seconds));
    this.classList.toggle("warn", seconds >= Number(late) && seconds < Number(veryLate));
    this.classList.toggle("bad", seconds >= Number(veryLate));
  }
}

customElements.define("running-time", RunningTime);
