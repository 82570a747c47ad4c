/** <transfer-dialog>: somebody who can take it is searched, chosen, given it; or a campaign is. */
import { drop } from "../store.js";
import { goHome } from "./desk.js";
import { fromSearch, given, prepare, toast } from "./dialogs.js";
import { me, open, tell, thread } from "./screen.js";
import { filter, follow } from "./takers.js";
import { press, turn } from "./transfer-tabs.js";

class TransferDialog extends HTMLElement {
  #stop = () => {};

  connectedCallback() {
    const dialog = this.#dialog;
    prepare(dialog, { opened: () => this.#opened(), closed: () => this.#stop() });
    dialog.addEventListener("input", () => this.#changed());
    dialog.addEventListener("click", (event) => this.#clicked(event));
    dialog.addEventListener("keydown", (event) => this.#pressed(event));
    dialog.addEventListener("htmx:beforeRequest", () => given(this.#conversation));
    dialog.addEventListener("htmx:responseError", (event) => this.#refused(event));
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
    this.#search.focus();
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

  /** The button and the note name whoever is chosen. */
  #changed() {
    filter(this.#dialog);
    const chosen = this.querySelector(".taker input:checked:not(:disabled)");
    const name = chosen?.closest(".taker").dataset.first;
    for (const part of this.querySelectorAll("[data-to], [data-for]")) {
      part.dataset.plain ??= part.textContent;
      const named = (part.dataset.to ?? part.dataset.for).replace("{name}", name);
      part.textContent = name ? named : part.dataset.plain;
    }
  }

  #refused(event) {
    given(this.#conversation, false);
    if (event.detail.xhr.status !== 409) return;
    event.stopPropagation();
    const says = this.querySelector("[data-refused]");
    says.lastElementChild.textContent = event.detail.xhr.responseText;
    says.hidden = false;
  }

  #done({ message, conversation }) {
    given("", false); // what is only offered stays
    this.#dialog.close();
    toast(message);
    if (!conversation) return;
    drop(`draft:${me.agent}:${conversation}`);
    given(conversation);
    if (conversation === open()) goHome();
    tell("ended", { conversation });
    thread().focus();
  }
}

customElements.define("transfer-dialog", TransferDialog);
