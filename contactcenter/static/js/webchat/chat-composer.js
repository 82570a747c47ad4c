import { part } from "./bubble.js";
import { fill } from "./wording.js";

const NEAR = 300; // characters left from which the counter shows

/**
 * The text box and the tray above it. Events: "write" (detail: text and files) and "typing". What is
 * typed is kept in `memory` until it is sent.
 */
class ChatComposer extends HTMLElement {
  #field = this.querySelector("textarea");
  #counter = this.querySelector(".counter");
  #memory = null;
  #tray = this.querySelector("chat-tray");

  connectedCallback() {
    this.querySelector("form").addEventListener("submit", (event) => this.#submit(event));
    this.#field.addEventListener("input", () => this.#changed(true));
    this.#field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
    });
  }

  /** Before this nobody could hear what is written: the field is off. */
  set memory(memory) {
    this.#memory = memory;
    this.#field.disabled = false;
    this.#field.value ||= memory.get("draft") ?? "";
    this.#changed(false);
  }

  paint({ state }) {
    this.#field.placeholder = state === "queued" ? this.dataset.waiting : this.dataset.write;
  }

  focus() {
    this.#field.focus();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#field.value.trim();
    const alert = part(this, "alert");
    alert.textContent = "";
    if (text === "" && this.#tray.isEmpty) return;
    if (!this.#tray.isFit) return this.#tray.complain(this.dataset.unfit);
    if (this.#count(text) > this.#limit) {
      alert.textContent = this.#words(this.dataset.tooLong, text);
      return;
    }
    this.#field.value = "";
    this.#changed(false);
    this.#field.focus();
    const detail = { text, files: this.#tray.take() };
    this.dispatchEvent(new CustomEvent("write", { detail }));
  }

  #changed(typing) {
    const text = this.#field.value;
    this.#memory?.set("draft", text);
    this.#field.style.blockSize = "auto";
    this.#field.style.blockSize = `${this.#field.scrollHeight}px`;
    const over = this.#count(text.trim()) > this.#limit;
    this.#counter.hidden = this.#count(text) < this.#limit - NEAR;
    this.#counter.classList.toggle("too-long", over);
    const sentence = over ? this.dataset.tooLong : this.dataset.counter;
    this.#counter.textContent = this.#words(sentence, text.trim());
    this.#field.setAttribute("aria-invalid", over);
    if (typing && text.trim()) this.dispatchEvent(new Event("typing"));
  }

  #words(sentence, text) {
    const { format } = new Intl.NumberFormat(document.documentElement.lang);
    return fill(sentence, { count: format(this.#count(text)), limit: format(this.#limit) });
  }

  /** Characters as the server counts them: an emoji beyond the basic plane is one. */
  #count(text) {
    return [...text].length;
  }

  get #limit() {
    return Number(this.dataset.limit);
  }
}

customElements.define("chat-composer", ChatComposer);
