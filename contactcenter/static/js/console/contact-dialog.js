/** <contact-dialog>: merging and blocking. The server writes the forms; the panel's is in place. */
import { showTimes } from "../times.js";
import { reopen } from "./contact-panel.js";
import { copy, isMine, tell } from "./screen.js";

class ContactDialog extends HTMLElement {
  connectedCallback() {
    this.#dialog.addEventListener("htmx:afterSwap", () => this.#opened());
    this.#dialog.addEventListener("click", (event) => this.#clicked(event));
    this.#dialog.addEventListener("close", () => this.#dialog.replaceChildren());
    document.body.addEventListener("contact-done", ({ detail }) => this.#done(detail));
    for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
      document.body.addEventListener(name, ({ detail }) => this.#failed(detail));
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

  #opened() {
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#dialog.querySelector("[data-first]")?.focus();
  }

  #clicked(event) {
    if (!event.target.closest("[data-close]") && event.target !== this.#dialog) return;
    event.preventDefault();
    this.#dialog.close();
  }

  /** Somebody else was first: the toast says it (desk.js). Everything else is tried again. */
  #failed({ target, xhr }) {
    if (!target?.closest("#contact-dialog, #contact-editing")) return;
    if (xhr?.status === 409) return this.#dialog.close();
    const place = this.#dialog.querySelector(".body") ?? this.#form;
    const notice = copy("did-not-work");
    if (!place) return document.querySelector("toast-stack").show(notice.textContent);
    place.querySelector("[data-failed]")?.remove();
    place.prepend(notice);
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
