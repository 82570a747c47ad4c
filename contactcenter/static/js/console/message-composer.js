/** <message-composer>: what is being written. Kept per conversation until it is sent. */
import { drop, load, save } from "../store.js";
import { uuid } from "../uuid.js";
import { add } from "./outbox.js";
import { me, on, open } from "./screen.js";
import { countDown } from "./text-limit.js";
import { forget, tellTyping } from "./typing-marks.js";
import { strand } from "./unsent-bubbles.js";

class MessageComposer extends HTMLElement {
  #key = `draft:${me.agent}:${open()}`;
  #ended = new AbortController();

  connectedCallback() {
    this.addEventListener("input", () => this.#typed());
    this.addEventListener("keydown", (event) => event.target === this.#box && this.#pressed(event));
    this.addEventListener("submit", (event) => this.#send(event));
    addEventListener("storage", (event) => this.#otherTab(event), this.#ended);
    on("applied", () => this.#restore(), this.#ended);
    this.#restore();
  }

  disconnectedCallback() {
    this.#ended.abort();
  }

  get #box() {
    return this.querySelector("textarea");
  }

  focus() {
    this.#box?.focus();
  }

  /** Text that was not sent comes back, after what is there. */
  putBack(text) {
    this.#box.value = [this.#box.value, text].filter(Boolean).join("\n");
    this.#keep();
    this.focus();
  }

  #restore() {
    const draft = load(this.#key);
    if (this.#box && draft && !this.#box.value) this.#box.value = draft;
    if (this.#box) return this.#count();
    if (draft) strand(open(), draft);
    drop(this.#key);
  }

  #otherTab({ key, newValue }) {
    const isWriting = document.hasFocus() && document.activeElement === this.#box;
    if (key !== this.#key || !this.#box || isWriting) return;
    this.#box.value = newValue ?? "";
    this.#count();
  }

  #typed() {
    this.#keep();
    if (this.#box.value.trim()) tellTyping();
  }

  #keep() {
    this.#box.value ? save(this.#key, this.#box.value) : drop(this.#key);
    this.#count();
  }

  #count() {
    return countDown(this.querySelector(".left"), this.#box.value);
  }

  #pressed(event) {
    // An input method's Enter chooses a word (229 in browsers that say it no other way).
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  }

  #send(event) {
    event.preventDefault();
    const text = this.#box.value.trim();
    if (!text || this.#count() < 0) return this.focus();
    add({ id: uuid(), conversation: open(), url: event.target.action, text });
    this.#box.value = "";
    this.#keep();
    forget();
  }
}

customElements.define("message-composer", MessageComposer);
