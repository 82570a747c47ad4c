/** A box to write in: what stands in it is kept per conversation until it is sent. */
import { drop, load, save } from "../store.js";
import { me, on, open } from "./screen.js";
import { countDown } from "./text-limit.js";

export class DraftBox extends HTMLElement {
  #key;
  #ended = new AbortController();

  /** `name` is that of the drafts' keys. Subclasses have `send(text, form)`. */
  constructor(name) {
    super();
    this.#key = `${name}:${me.agent}:${open()}`;
  }

  connectedCallback() {
    this.addEventListener("input", (event) => event.target === this.box && this.typed());
    this.addEventListener("keydown", (event) => event.target === this.box && this.#pressed(event));
    this.addEventListener("submit", (event) => this.#submit(event));
    addEventListener("storage", (event) => this.#otherTab(event), this.#ended);
    on("applied", () => this.restore(), this.#ended);
    this.restore();
  }

  disconnectedCallback() {
    this.#ended.abort();
  }

  get box() {
    return this.querySelector("textarea");
  }

  get draft() {
    return load(this.#key);
  }

  /** Text that was not sent comes back, after what is there. */
  putBack(text) {
    this.focus();
    this.box.value = [this.box.value, text].filter(Boolean).join("\n");
    this.keep();
  }

  restore() {
    if (!this.box) return;
    if (this.draft && !this.box.value) this.box.value = this.draft;
    this.count();
  }

  #otherTab({ key, newValue }) {
    const isWriting = document.hasFocus() && document.activeElement === this.box;
    if (key !== this.#key || !this.box || isWriting) return;
    this.box.value = newValue ?? "";
    this.count();
  }

  typed() {
    this.keep();
  }

  keep() {
    this.box.value ? save(this.#key, this.box.value) : this.forget();
    this.count();
  }

  forget() {
    drop(this.#key);
  }

  /** How many characters may follow; negative: too many. */
  count() {
    return countDown(this.querySelector(".left"), this.box.value);
  }

  #pressed(event) {
    // An input method's Enter chooses a word (229 in browsers that say it no other way).
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  }

  #submit(event) {
    if (!event.target.contains(this.box)) return;
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text || this.count() < 0 || !this.send(text, event.target)) return this.focus();
    this.box.value = "";
    this.keep();
  }
}
