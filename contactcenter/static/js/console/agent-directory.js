/** <agent-directory>: colleagues to be searched and selected, and the chats with them. */
import { fromSearch } from "./dialogs.js";
import { DirectoryNews, isHere } from "./directory-news.js";
import { found, selected, settle } from "./directory-rows.js";
import { me, on, thread } from "./screen.js";

/** What Escape closes first. */
const OPEN = "dialog[open], :popover-open, quote-picker [open], attach-menu [role=menu]:not([hidden])";
/** Where one was before: closing leads back there. */
let before = me.home;
on("opening", () => (before = isHere() ? before : (thread().dataset.url ?? me.home)));

class AgentDirectory extends HTMLElement {
  #ended = new AbortController();
  #news = null;

  connectedCallback() {
    const { signal } = this.#ended;
    this.#news = new DirectoryNews(this.dataset.agents, signal);
    this.querySelector("[data-filter]").hidden = false;
    this.addEventListener("input", () => settle(this));
    this.#search.addEventListener("keydown", (event) => fromSearch(event, this.#search, found(this)));
    document.addEventListener("keydown", (event) => this.#pressed(event), { signal, capture: true });
    for (const change of ["applied", "opened"]) on(change, () => settle(this), { signal });
    this.#leave.setAttribute("hx-get", before);
    this.#leave.href = before;
    settle(this);
  }

  disconnectedCallback() {
    this.#ended.abort();
  }

  get #search() {
    return this.querySelector("[type=search]");
  }

  get #leave() {
    return this.querySelector("[data-leave]");
  }

  /** A chat's row, new or written in: the newest stands first. */
  place(row) {
    this.querySelector("#direct-chats").prepend(row);
  }

  /** Anew from the server: what was selected here still is, with the button in it. */
  adopt(fresh) {
    if (fresh.id !== "agents") return;
    this.#news.forget();
    const old = selected(this);
    const row = old && fresh.querySelector(`#${old.id}`);
    row?.querySelector("input").setAttribute("checked", "");
    (row ?? this.querySelector("form")).append(this.querySelector(".deed"));
  }

  /** Esc: from the chat back to the list, from the list back to where one was. */
  #pressed(event) {
    const isBusy = document.querySelector(OPEN);
    if (event.key !== "Escape" || !isHere() || isBusy || !this.parentElement.checkVisibility()) return;
    event.preventDefault();
    if (!thread().contains(document.activeElement)) return this.#leave.click();
    const chat = this.querySelector("#direct-chats [aria-current]");
    (chat ?? this.querySelector(":checked") ?? this.#search).focus();
  }
}

customElements.define("agent-directory", AgentDirectory);
