import { part } from "./bubble.js";
import { Chip } from "./chip.js";

/**
 * The files of the message that is being written. Events: "rules" (detail: what may be sent, by kind)
 * and "left", when one was taken out.
 */
class ChatTray extends HTMLElement {
  #chips = [];
  #rules = {};
  #files = null;
  #complaint = "";

  /** `files`: the way to the server. */
  set files(files) {
    this.#files = files;
  }

  paint({ rules }) {
    if (rules === this.#rules) return;
    this.#rules = rules;
    this.dispatchEvent(new CustomEvent("rules", { detail: rules }));
  }

  get isEmpty() {
    return this.#chips.length === 0;
  }

  /** All of them are there, checked or not, and none was refused. */
  get isFit() {
    return this.#chips.every(({ state }) => state === "checking" || state === "ready");
  }

  /** Why it does not go yet; said until it may. */
  complain(sentence) {
    this.#complaint = part(this, "tray-alert").textContent = sentence;
  }

  add(files) {
    const room = Number(this.dataset.most) - this.#chips.length;
    part(this, "tray-alert").textContent = files.length > room ? this.dataset.many : "";
    const around = { rules: this.#rules, files: this.#files, changed: () => this.#changed() };
    for (const file of files.slice(0, room)) {
      const chip = new Chip(part(this, "chip"), file, around);
      this.#chips.push(chip);
      part(chip.element, "remove").addEventListener("click", () => this.#remove(chip));
      part(this, "tray").append(chip.element);
      chip.start();
      chip.element.scrollIntoView({ block: "nearest" });
    }
    this.#changed();
  }

  /** What is known of it now. */
  hear(frames) {
    for (const frame of frames)
      this.#chips.find((chip) => chip.frame?.id === frame.id)?.hear(frame);
  }

  /** They go with the message that is sent now. */
  take() {
    const frames = this.#chips.map(({ frame }) => frame);
    this.#clear();
    return frames;
  }

  #remove(chip) {
    chip.stop();
    chip.element.remove();
    this.#chips = this.#chips.filter((other) => other !== chip);
    part(this, "tray-alert").textContent = "";
    this.#changed();
    this.dispatchEvent(new Event("left"));
  }

  #clear() {
    for (const chip of this.#chips) chip.forget();
    this.#chips = [];
    part(this, "tray").replaceChildren();
    part(this, "tray-alert").textContent = "";
    this.#changed();
  }

  #changed() {
    const alert = part(this, "tray-alert");
    if (this.isFit && alert.textContent === this.#complaint) alert.textContent = "";
    this.hidden = this.isEmpty && alert.textContent === "";
  }
}

customElements.define("chat-tray", ChatTray);
