/** <quote-picker>: one of my conversations goes with what I write, as a card for who may see it. */
import { drop, load, save } from "../store.js";
import { me, open, row } from "./screen.js";

class QuotePicker extends HTMLElement {
  #chosen = "";
  #key = `quote:${me.agent}:${open()}`; // kept as the draft is

  connectedCallback() {
    this.hidden = false;
    this.#choose(load(this.#key) ?? "");
    this.#menu.addEventListener("toggle", () => this.#menu.open && this.#fill());
    this.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("keydown", (event) => this.#pressed(event));
    this.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !this.contains(relatedTarget)) this.#menu.open = false;
    });
  }

  /** What is quoted, to be sent now; the next message has none. */
  take() {
    const chosen = this.#chosen;
    this.#choose("");
    return chosen;
  }

  get #menu() {
    return this.querySelector("details");
  }

  #fill() {
    const [option, nothing] = [...this.querySelectorAll("template")].map((t) => t.content);
    const rows = [...document.querySelectorAll("#items > li")];
    const options = rows.map((item) => this.#option(option, item));
    this.querySelector(".quotable").replaceChildren(
      ...(options.length ? options : [nothing.cloneNode(true)]),
    );
    options[0]?.focus();
  }

  #option(template, item) {
    const button = template.firstElementChild.cloneNode(true);
    button.dataset.quote = item.id.replace("conversation-", "");
    button.querySelector(".ellip").textContent = item.querySelector(".nm bdi").textContent;
    button.querySelector(".icon").className = item.querySelector(".l2 .icon").className;
    return button;
  }

  #clicked({ target }) {
    const button = target.closest("[data-quote], [data-drop]");
    if (!button) return;
    this.#choose(button.dataset.quote ?? "");
    this.#menu.open = false;
    this.closest("form").querySelector("textarea").focus();
  }

  /** One that has left the list cannot be chosen any more. */
  #choose(conversation) {
    const name = row(conversation)?.querySelector(".nm bdi").textContent ?? "";
    this.#chosen = name && conversation;
    const chip = this.querySelector("[data-chosen]");
    chip.hidden = !name;
    chip.querySelector("bdi").textContent = name;
    if (name) save(this.#key, conversation);
    else drop(this.#key);
  }

  #pressed(event) {
    const options = [...this.querySelectorAll("[data-quote]")];
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!this.#menu.open || (!by && event.key !== "Escape")) return;
    event.preventDefault();
    if (by) return options.at((options.indexOf(document.activeElement) + by) % options.length)?.focus();
    this.#menu.open = false;
    this.querySelector("summary").focus();
  }
}

customElements.define("quote-picker", QuotePicker);
