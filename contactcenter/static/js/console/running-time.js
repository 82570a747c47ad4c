/**
 * <running-time data-seconds>: a span that grows, from what the server measured; this computer's
 * clock may be wrong. Amber from data-late seconds on, red from data-very-late; with data-down it
 * runs down to 0:00, with data-hours it always shows them (12:40 alone might be a time of day).
 */
import { span } from "../times.js";

class RunningTime extends HTMLElement {
  #timer = null;

  connectedCallback() {
    const sign = "down" in this.dataset ? -1 : 1;
    const began = performance.now() - sign * Number(this.dataset.seconds) * 1000;
    const show = () => this.#show((sign * (performance.now() - began)) / 1000);
    this.#timer = setInterval(show, 1000);
    show();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #show(seconds) {
    const { late, veryLate, hours } = this.dataset;
    this.textContent = span(Math.max(0, Math.round(seconds)), hours !== undefined);
    this.classList.toggle("warn", seconds >= Number(late) && seconds < Number(veryLate));
    this.classList.toggle("bad", seconds >= Number(veryLate));
  }
}

customElements.define("running-time", RunningTime);
