/**
 * Who is there and what they attend, asked again as soon as the queue's figures say that something
 * changed, while the directory is looked at.
 */
import { get } from "../http.js";
import { apply } from "./fragments.js";
import { on, open, thread } from "./screen.js";

const PAUSE = 2_000; // ms between two looks
const MANY = 200; // agents: a longer list is asked for less often

export const isHere = () => thread().dataset.place === "internal";

export class DirectoryNews {
  #path;
  #looked = 0; // when
  #timer = null;
  #seen = ""; // the name of what the last look has put there

  constructor(path, signal) {
    this.#path = path;
    on("figures", () => this.#soon(), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** Somebody else has put it there anew. */
  forget() {
    this.#seen = "";
  }

  #soon() {
    if (isHere()) this.#timer ??= setTimeout(() => this.#look(), this.#looked + pause() - Date.now());
  }

  async #look() {
    this.#looked = Date.now();
    this.#timer = null;
    const url = new URL(thread().dataset.refresh ?? "", location.href);
    url.pathname = this.#path;
    url.searchParams.set("seen", this.#seen);
    if (open()) url.searchParams.set("conversation", open());
    try {
      const answer = await get(url);
      if (answer.status === 200 && isHere()) this.#show(answer, await answer.text());
    } catch {
      // the next change, or the next beat, asks again
    }
  }

  #show(answer, html) {
    apply(html);
    this.#seen = answer.headers.get("X-State");
  }
}

const pause = () => PAUSE * Math.max(1, document.querySelectorAll("#agents .ag").length / MANY);
