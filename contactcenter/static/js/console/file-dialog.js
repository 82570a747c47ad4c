/**
 * <file-dialog>: files are chosen, go up and are checked, then sent with their caption. The server
 * writes the form, with what each file must be; paste, drop and the recorder come the same way.
 */
import { kindOf } from "../file-kinds.js";
import { uuid } from "../uuid.js";
import { ChosenFiles } from "./chosen-files.js";
import { prepare, toast } from "./dialogs.js";
import { outbox } from "./outbox.js";
import { on } from "./screen.js";

class FileDialog extends HTMLElement {
  #coming = []; // files for a form that is on its way
  #files = null;

  connectedCallback() {
    prepare(this.#dialog, {
      opened: () => this.#opened(),
      closed: () => this.#closed(),
      mayClose: () => this.#mayClose(),
    });
    for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
      this.#dialog.addEventListener(name, () => this.#failed());
    document.addEventListener("recorded", ({ detail }) => this.open([detail]));
    this.addEventListener("click", ({ target }) => {
      if (target.closest("[data-stay]")) this.#ask(false);
      if (target.closest("[data-discard]")) this.#dialog.close();
    });
    this.addEventListener("submit", (event) => this.#send(event));
    for (const name of ["files", "applied"]) on(name, () => this.#files?.judge());
    addEventListener("beforeunload", (event) => this.#files?.kept.length && event.preventDefault());
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  /** For these files; with the boxes of what they seem to be, unless it is open already. */
  open(files) {
    if (this.#files) return this.#files.add(files);
    if (this.#coming.length) return this.#coming.push(...files);
    const menu = document.querySelector("#thread attach-menu");
    const kinds = [...new Set(files.map(kindOf))];
    const refusal = kinds.map((kind) => menu.refusal(kind)).find(Boolean);
    if (refusal) return toast(refusal);
    this.#coming = files;
    const query = new URLSearchParams(kinds.map((kind) => ["kind", kind]));
    const swap = { target: "#files", swap: "innerHTML" };
    window.htmx.ajax("GET", `${menu.dataset.boxes}?${query}`, swap);
  }

  #opened() {
    this.#files = new ChosenFiles(this.querySelector("form"));
    const files = this.#coming.splice(0);
    if (files.length) this.#files.add(files);
    else this.querySelector("[data-choose]").focus();
  }

  #failed() {
    this.#coming = [];
    toast(document.querySelector("toast-stack").dataset.failed);
  }

  #send(event) {
    event.preventDefault();
    if (!this.#files?.isFit) return; // a second press of the same key finds nothing any more
    const { message } = this.#files;
    outbox.add({ id: uuid(), ...message });
    this.#files = null; // they are gone, not lost
    this.#dialog.close();
  }

  /** What was uploaded is not thrown away by a key: it asks once. */
  #mayClose() {
    const isAsking = !this.querySelector("[data-part=leaving]").hidden;
    const isPity = Boolean(this.#files?.kept.length);
    if (isPity || isAsking) this.#ask(!isAsking);
    return !isPity;
  }

  #ask(isAsking) {
    this.querySelector("[data-part=usual]").hidden = isAsking;
    this.querySelector("[data-part=leaving]").hidden = !isAsking;
    this.querySelector(isAsking ? "[data-stay]" : "[name=text]").focus();
  }

  #closed() {
    this.#files?.discard();
    this.#files = null;
  }
}

customElements.define("file-dialog", FileDialog);
