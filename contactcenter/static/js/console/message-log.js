/** <message-log>: the open conversation. Places lines and keeps the reader's place. */
import { arrange, insert, lastWithoutGap, lines } from "./log-order.js";
import { isTheirs, me, on } from "./screen.js";

const AWAY = -60; // px from the newest message: the reader has scrolled up

class MessageLog extends HTMLElement {
  #inner = null;
  #unseen = 0;
  #ended = null;

  connectedCallback() {
    this.#ended = new AbortController();
    const options = { signal: this.#ended.signal };
    this.#inner = this.querySelector(".inner");
    this.dataset.places = "";
    on("applied", () => this.settle(), options);
    on("opened", () => this.settle(), options); // htmx has put back what the same lines had before
    this.addEventListener("scroll", () => this.#count(this.isAway ? this.#unseen : 0), options);
    this.#button.addEventListener("click", () => this.newest(), options);
    this.settle();
  }

  disconnectedCallback() {
    this.#ended.abort();
  }

  get isAway() {
    return this.scrollTop < AWAY;
  }

  get lastWithoutGap() {
    return lastWithoutGap(this.#inner, this.dataset.conversation);
  }

  get #button() {
    return this.parentElement.querySelector("[data-newer]");
  }

  /** Insert a line where it belongs. */
  place(element) {
    const { agent } = element.dataset;
    this.querySelector(".nobody")?.remove();
    this.#steadily(() => insert(this.#inner, element));
    const isNewest = lines(this.#inner).at(-1) === element;
    if (isTheirs(element.dataset) && this.isAway && isNewest) this.#count(this.#unseen + 1);
    if (agent === me.agent && !element.dataset.seq) this.newest();
  }

  settle() {
    const conversation = this.dataset.conversation;
    const reading = document.getElementById(`reading-${conversation}`);
    const read = Number(reading?.dataset.seq ?? 0);
    this.#steadily(() => arrange(this.#inner, { agent: me.agent, conversation, read }));
  }

  /** Whoever has scrolled up keeps seeing what they see, whatever is added around it. */
  #steadily(change) {
    if (!this.isAway) return change();
    const end = this.getBoundingClientRect().bottom;
    const seen = lines(this.#inner).findLast((line) => line.getBoundingClientRect().top < end);
    const before = seen.getBoundingClientRect().top;
    change();
    this.scrollTop += seen.getBoundingClientRect().top - before;
  }

  newest() {
    this.scrollTop = 0;
    this.#count(0);
  }

  /** The way down, with how many came meanwhile. */
  #count(unseen) {
    this.#unseen = unseen;
    const { none, one, many } = this.#button.dataset;
    this.#button.hidden = !this.isAway && !unseen;
    const some = unseen === 1 ? one : many.replace("{n}", unseen);
    this.#button.querySelector("[data-text]").textContent = unseen ? some : none;
    this.#button.classList.toggle("primary", unseen > 0);
  }
}

customElements.define("message-log", MessageLog);
