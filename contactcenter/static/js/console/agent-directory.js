/**
 * <agent-directory>: colleagues to be searched and selected, and the chats with them. Who is there
 * and what they attend is asked again as soon as the queue's figures say that something changed.
 */
import { get } from "../http.js";
import { fromSearch } from "./dialogs.js";
import { apply } from "./fragments.js";
import { fold, me, on, open, thread } from "./screen.js";

const PAUSE = 2_000; // ms between two looks

const isHere = () => thread().dataset.place === "internal";

/** Where one was before: closing leads back there. */
let before = me.home;
const remember = () => (before = isHere() ? before : (thread().dataset.url ?? me.home));
on("opening", remember);

class AgentDirectory extends HTMLElement {
  #ended = new AbortController();
  #looked = 0; // when
  #timer = null;
  #shown = ""; // what the last look has put there

  connectedCallback() {
    this.querySelector("[data-filter]").hidden = false;
    this.addEventListener("input", () => this.#settle());
    this.#search.addEventListener("keydown", (event) => fromSearch(event, this.#search, this.#found));
    const keys = { signal: this.#ended.signal, capture: true };
    document.addEventListener("keydown", (event) => this.#pressed(event), keys);
    on("figures", () => this.#soon(), this.#ended);
    for (const change of ["applied", "opened"]) on(change, () => this.#settle(), this.#ended);
    this.#leave.setAttribute("hx-get", before);
    this.#leave.href = before;
    this.#settle();
  }

  disconnectedCallback() {
    this.#ended.abort();
    clearTimeout(this.#timer);
  }

  get #search() {
    return this.querySelector("[type=search]");
  }

  get #leave() {
    return this.querySelector("[data-leave]");
  }

  get #rows() {
    return [...this.querySelectorAll(".ag")];
  }

  get #found() {
    return this.#rows.filter((row) => !row.hidden).map((row) => row.querySelector("input"));
  }

  get #selected() {
    return this.querySelector(".ag:has(:checked)");
  }

  /** A chat's row, new or written in: the newest stands first. */
  place(row) {
    this.querySelector("#direct-chats").prepend(row);
  }

  /** Anew from the server: what was selected here still is, with the button in it. */
  adopt(fresh) {
    if (fresh.id !== "agents") return;
    this.#shown = "";
    const row = this.#selected && fresh.querySelector(`#${this.#selected.id}`);
    row?.querySelector("input").setAttribute("checked", "");
    (row ?? this.querySelector("form")).append(this.querySelector(".deed"));
  }

  #soon() {
    if (isHere()) this.#timer ??= setTimeout(() => this.#look(), this.#looked + PAUSE - Date.now());
  }

  async #look() {
    this.#looked = Date.now();
    this.#timer = null;
    const url = new URL(thread().dataset.refresh ?? "", location.href);
    url.pathname = this.dataset.agents;
    if (open()) url.searchParams.set("conversation", open());
    try {
      const answer = await get(url);
      if (answer.ok && isHere()) this.#show(await answer.text());
    } catch {
      // the next change, or the next beat, asks again
    }
  }

  #show(html) {
    if (html === this.#shown) return;
    apply(html);
    this.#shown = html;
  }

  #settle() {
    this.#sort();
    this.#filter();
    this.#mark();
    this.#offer();
  }

  #sort() {
    const list = this.querySelector("#direct-chats");
    const rows = [...list.children];
    const sorted = rows.toSorted((a, b) => Date.parse(b.dataset.at) - Date.parse(a.dataset.at));
    const isDue = sorted.some((row, i) => row !== rows[i]);
    if (isDue && !list.contains(document.activeElement)) list.append(...sorted);
  }

  #filter() {
    const wanted = fold(this.#search.value);
    for (const row of this.#rows) row.hidden = !fold(row.dataset.name).includes(wanted);
    const says = this.querySelector("[data-none]");
    const sentence = wanted && !this.#found.length ? says.dataset.none : "";
    if (says.textContent !== sentence) says.textContent = sentence;
  }

  #mark() {
    for (const link of this.querySelectorAll("#direct-chats a")) {
      if (link.parentElement.id === `direct-${open()}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** The one button stands in the selected row; with somebody who is not there no chat begins. */
  #offer() {
    const [deed, row] = [this.querySelector(".deed"), this.#selected];
    deed.hidden = !row || row.hidden;
    if (!row) return;
    if (deed.parentElement !== row) row.append(deed);
    const number = row.querySelector("input").value;
    const isRefused = row.matches(".off") && !this.querySelector(`[data-with="${number}"]`);
    const why = deed.querySelector(".hint");
    deed.querySelector("button").disabled = isRefused;
    why.textContent = isRefused ? why.dataset.inactive : "";
  }

  /** Esc: from the chat back to the list, from the list back to where one was. */
  #pressed(event) {
    const isBusy = document.querySelector("dialog[open], :popover-open, quote-picker [open]");
    if (event.key !== "Escape" || !isHere() || isBusy || !this.checkVisibility()) return;
    event.preventDefault();
    if (!thread().contains(document.activeElement)) return this.#leave.click();
    const chat = this.querySelector("#direct-chats [aria-current]");
    (chat ?? this.querySelector(":checked") ?? this.#search).focus();
  }
}

customElements.define("agent-directory", AgentDirectory);
