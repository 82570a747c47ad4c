/** <transfer-dialog>: somebody who can take it is searched, chosen, given it; or a campaign is. */
import { drop } from "../store.js";
import { goHome, openPath } from "./desk.js";
import { fromSearch, given, prepare, toast } from "./dialogs.js";
import { isMine, me, open, row, thread } from "./screen.js";
import { filter, follow } from "./takers.js";
import { nameChosen, press, turn } from "./transfer-choice.js";

class TransferDialog extends HTMLElement {
  #stop = () => {};
  #isGiving = false; // sent, and not answered yet

  connectedCallback() {
    const dialog = this.#dialog;
    prepare(dialog, { opened: () => this.#opened(), closed: () => this.#closed() });
    dialog.addEventListener("input", () => this.#changed());
    dialog.addEventListener("click", (event) => this.#clicked(event));
    dialog.addEventListener("keydown", (event) => this.#pressed(event));
    dialog.addEventListener("htmx:beforeRequest", () => this.#give());
    for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
      dialog.addEventListener(name, (event) => this.#refused(event));
    document.body.addEventListener("transferred", ({ detail }) => this.#done(detail));
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  get #conversation() {
    return this.querySelector("form").dataset.conversation;
  }

  get #search() {
    return this.querySelector("[data-search] input");
  }

  #opened() {
    for (const part of this.querySelectorAll("[data-tabs], [data-search]")) part.hidden = false;
    if (this.querySelector("[role=tab]")) turn(this.#dialog, this.querySelector("[role=tab]"));
    const address = this.querySelector("form").getAttribute("action");
    this.#stop();
    this.#stop = follow(this.#dialog, address, () => this.#changed());
    this.#changed();
    given("", false); // or the form came back, with what is wrong in it
    this.#search.focus();
  }

  #give() {
    this.#isGiving = true;
    this.querySelector("[data-refused]").hidden = true;
    given(this.#conversation);
  }

  /** Closed before the answer came, nothing hears it: the list tells what became of it. */
  #closed() {
    this.#stop();
    if (!this.#isGiving) return;
    this.#isGiving = false;
    given("", false);
    if (isMine() && !row(open())) goHome();
  }

  #clicked({ target }) {
    const tab = target.closest("[role=tab]");
    if (tab) turn(this.#dialog, tab);
    const chip = target.closest(".chip");
    if (chip) press(this.#dialog, chip);
    if (tab || chip) this.#changed();
  }

  #pressed(event) {
    const shown = [...this.querySelectorAll("#takers .taker:not([hidden]) input")];
    fromSearch(event, this.#search, shown);
    if (!event.target.matches("[role=tab]") || !event.key.startsWith("Arrow")) return;
    turn(this.#dialog, event.target, { isOther: true }).focus();
    this.#changed();
  }

  #changed() {
    filter(this.#dialog);
    nameChosen(this.#dialog);
  }

  #refused(event) {
    const conversation = this.#conversation;
    this.#isGiving = false;
    given(conversation, false);
    if (conversation === open() && !row(conversation)) goHome(); // it went, the answer was lost
    if (event.detail.xhr.status !== 409) return;
    event.stopPropagation();
    const says = this.querySelector("[data-refused]");
    says.lastElementChild.textContent = event.detail.xhr.responseText;
    says.hidden = false;
  }

  /** `gone` are not this agent's any more; `again` is, as new: opened, it counts as seen. */
  #done({ message, gone, again }) {
    this.#isGiving = false;
    this.#dialog.close();
    toast(message);
    for (const conversation of gone) drop(`draft:${me.agent}:${conversation}`);
    if (gone.includes(open())) goHome();
    else given("", false);
    if (again && again === open()) openPath(thread().dataset.url);
    thread().focus();
  }
}

customElements.define("transfer-dialog", TransferDialog);
