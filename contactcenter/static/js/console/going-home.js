/**
 * <going-home>: whoever signs out with open conversations is asked what should become of them. It
 * is asked anew whenever one of them has left the list.
 */
import { prepare, toast } from "./dialogs.js";
import { on } from "./screen.js";

const rows = () => document.querySelectorAll("#items > li").length;

class GoingHome extends HTMLElement {
  #wasAvailable = isAvailable();

  connectedCallback() {
    prepare(this.#dialog, { opened: () => this.querySelector("h2").focus() });
    // What was pressed in here to open another dialog may be gone when that closes.
    const focus = ({ target }) => target !== this.#dialog && this.querySelector("h2")?.focus();
    document.addEventListener("close", focus, { capture: true });
    document.addEventListener("submit", (event) => this.#submitted(event), { capture: true });
    document.body.addEventListener("left", ({ detail }) => {
      toast(detail.value);
      this.#ask();
    });
    on("applied", ({ removed }) => {
      if (this.#dialog.open && removed.length) this.#ask();
      this.#stopped();
    });
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  #ask() {
    window.htmx.ajax("GET", this.dataset.address, { target: this.#dialog, swap: "innerHTML" });
  }

  /** "Sign out" in the menu; the one in here says what becomes of them. */
  #submitted(event) {
    const { target } = event;
    if (target.getAttribute("action") !== this.dataset.address || this.contains(target)) return;
    if (!rows()) return;
    event.preventDefault();
    target.closest("[popover]")?.hidePopover();
    this.#ask();
  }

  /** Whoever stops accepting with open conversations may be at the end of a shift. */
  #stopped() {
    const was = this.#wasAvailable;
    this.#wasAvailable = isAvailable();
    if (!was || this.#wasAvailable || !rows() || document.hidden) return;
    const { address, asks, question } = this.dataset;
    toast(question, address, { text: asks, target: `#${this.#dialog.id}` });
  }
}

const isAvailable = () => document.getElementById("availability")?.dataset.s === "on";

customElements.define("going-home", GoingHome);
