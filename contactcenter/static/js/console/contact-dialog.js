/** <contact-dialog>: merging and blocking. The server writes the forms; the panel's is in place. */
import { showTimes } from "../times.js";
import { reopen } from "./contact-panel.js";
import { prepare } from "./dialogs.js";
import { isMine, tell } from "./screen.js";

class ContactDialog extends HTMLElement {
  connectedCallback() {
    prepare(this.#dialog, { opened: () => this.#dialog.querySelector("[data-first]")?.focus() });
    document.body.addEventListener("contact-done", ({ detail }) => this.#done(detail));
    this.#dialog.addEventListener("htmx:responseError", ({ detail }) => this.#tooLate(detail));
    document.body.addEventListener("htmx:afterSwap", ({ detail }) => this.#editing(detail));
    document.addEventListener("click", (event) => this.#cancelled(event));
    document.addEventListener("keydown", (event) => this.#escaped(event), { capture: true });
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  get #form() {
    return document.querySelector("#contact-editing form");
  }

  /** Somebody else was first: the toast says it (desk.js). */
  #tooLate({ xhr }) {
    if (xhr.status === 409) this.#dialog.close();
  }

  #editing({ target }) {
    if (target.id !== "contact-editing") return;
    (this.#form?.querySelector("[aria-invalid]") ?? this.#form?.querySelector("input.input"))?.focus();
  }

  #done({ message, url }) {
    this.#dialog.close();
    this.#close();
    showTimes(document.getElementById("contact") ?? undefined);
    if (isMine()) tell("applied", { added: [], replaced: [], removed: [] }); // the person, by htmx
    else reopen(); // what is over is pushed to nobody
    document.querySelector("toast-stack").show(message, url);
  }

  #cancelled(event) {
    if (!event.target.closest("#contact-editing [data-cancel]")) return;
    event.preventDefault();
    this.#close();
  }

  #escaped(event) {
    if (event.key !== "Escape" || !event.target.closest?.("#contact-editing")) return;
    event.preventDefault();
    this.#close();
  }

  #close() {
    if (!this.#form) return;
    this.#form.remove();
    document.querySelector("[data-edit]")?.focus();
  }
}

customElements.define("contact-dialog", ContactDialog);
