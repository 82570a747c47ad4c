/** <line-banner>: what a person has to know about the line, not earlier than it matters. */
import { on, tell } from "./screen.js";

const LOST = 1_000; // ms: shorter gaps are nobody's business
const OFFLINE = 15_000;
const BACK = 4_000;

class LineBanner extends HTMLElement {
  #timers = [];
  #sent = 0; // messages accepted since the line was lost

  connectedCallback() {
    on("line", ({ state }) => this.#line(state));
    on("outbox:sent", () => (this.#sent += 1));
    on("refresh", ({ isLate }) => this.#late(isLate));
    addEventListener("offline", () => this.#show("offline"));
    for (const button of this.querySelectorAll("[data-now]"))
      button.addEventListener("click", () => tell("try-now"));
  }

  get #shown() {
    return this.querySelector("[data-state]:not([hidden])")?.dataset.state;
  }

  #line(state) {
    if (state === "open") return this.#back();
    this.#lost();
    if (state !== "lost") this.#stop(state);
  }

  /** It does not come back by itself: no use in saying that it will. */
  #stop(state) {
    this.#timers.forEach(clearTimeout);
    this.#show(state);
  }

  #lost() {
    if (this.#timers.length) return;
    this.#sent = 0;
    this.#after(navigator.onLine ? LOST : 0, navigator.onLine ? "lost" : "offline");
    this.#after(OFFLINE, "offline");
  }

  #back() {
    const wasShown = this.#shown && this.#shown !== "back";
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
    if (!wasShown) return;
    const text = this.querySelector("[data-none]");
    const { none, one, many } = text.dataset;
    const some = this.#sent === 1 ? one : many.replace("{n}", this.#sent);
    text.textContent = this.#sent ? some : none;
    this.#show("back");
    setTimeout(() => this.#shown === "back" && this.#show(""), BACK);
  }

  /** The line is there, but what happened meanwhile does not come. */
  #late(isLate) {
    if (isLate && !this.#shown) this.#show("late");
    if (!isLate && this.#shown === "late") this.#show("");
  }

  #after(wait, state) {
    this.#timers.push(setTimeout(() => this.#show(state), wait));
  }

  #show(state) {
    for (const line of this.querySelectorAll("[data-state]"))
      line.hidden = line.dataset.state !== state;
  }
}

customElements.define("line-banner", LineBanner);
