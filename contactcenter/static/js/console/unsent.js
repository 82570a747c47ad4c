/** What is not stored yet, in its thread: a clone of the server's fragment, with its own foot. */
import { copy, log, on, open } from "./screen.js";

const FOOT = ".meta";

export class Unsent {
  #outgoing;
  #words;

  /** `words`: what its elements' ids begin with, and the templates: pending, sending, refused. */
  constructor(outgoing, words) {
    this.#outgoing = outgoing;
    this.#words = words;
  }

  /** Where the text goes back to. For subclasses, as is `dress(element, entry)`. */
  get box() {
    return null;
  }

  /** Show an entry in its conversation, if that is the one on screen. */
  show(entry) {
    if (entry.conversation !== open() || !log()) return;
    const old = document.getElementById(this.#words.id + entry.id);
    if (old && !old.matches(".pending, .failed")) return; // stored meanwhile
    old?.remove();
    log().place(this.#element(entry));
    log().settle();
    log().newest();
  }

  #element(entry) {
    const { refused } = entry;
    const element = copy(this.#words.pending);
    element.id = this.#words.id + entry.id;
    element.dataset.at = new Date(entry.at).toISOString();
    for (const name of ["seq", "order", "keep"]) delete element.dataset[name];
    element.classList.add(refused ? "failed" : "pending");
    this.dress(element, entry);
    const foot = copy(refused ? this.#words.refused : this.#words.sending);
    if (typeof refused === "string") foot.querySelector("[data-why]").textContent = refused;
    element.querySelector(FOOT).replaceWith(foot);
    return element;
  }

  async #press(event) {
    const button = event.target.closest("[data-again], [data-back], [data-copy]");
    const element = button?.closest(`.failed[id^=${this.#words.id}]`);
    const entry = element && this.#outgoing.find(element.id.replace(this.#words.id, ""));
    if (!entry) return;
    if (button.matches("[data-again]")) return this.#outgoing.again(entry);
    if (button.matches("[data-back]")) this.box.putBack(entry.text);
    else await navigator.clipboard?.writeText(entry.text);
    this.#outgoing.discard(entry);
    element.remove();
  }

  showAll = () => this.#outgoing.entries(open() || "none").forEach((entry) => this.show(entry));

  start() {
    const alert = document.getElementById("alert");
    on(this.#outgoing.kind, (entry) => {
      this.show(entry);
      alert.textContent = entry.refused ? alert.dataset[this.#words.alert] : "";
    });
    on("opened", this.showAll);
    document.addEventListener("click", (event) => this.#press(event));
    this.showAll();
  }
}

