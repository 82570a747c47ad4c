/** <mention-badge>: a colleague named me in a note. Shown until the notes were looked at, silent. */
import { load, save } from "../store.js";
import { me, on, thread } from "./screen.js";

const SEEN = `mentions:${me.agent}`;

class MentionBadge extends HTMLElement {
  #newest = 0;

  connectedCallback() {
    this.#newest = this.#link.dataset.newest;
    on("applied", () => this.#news());
    on("opened", () => this.#look());
    addEventListener("storage", () => this.#show()); // looked at in another tab
    this.#look();
  }

  get #link() {
    return this.querySelector("a");
  }

  #news() {
    const { newest, said, url } = this.#link.dataset;
    const isNews = Number(newest) > Number(this.#newest);
    this.#newest = newest;
    if (isNews) document.querySelector("toast-stack").show(said, url);
    this.#show();
  }

  /** Their page is open: they are looked at. */
  #look() {
    const newest = thread().querySelector("[data-mention]")?.dataset.mention;
    if (Number(newest) > Number(load(SEEN))) save(SEEN, newest);
    this.#show();
  }

  #show() {
    this.#link.hidden = Number(this.#link.dataset.newest) <= Number(load(SEEN));
  }
}

customElements.define("mention-badge", MentionBadge);
