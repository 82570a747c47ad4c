/** The quick replies that are offered: asked for, searched, walked through by keys. */
import { get, SignedOut, toSignIn } from "../http.js";
import { ChoiceList } from "./choice-list.js";
import { fitting } from "./reply-search.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export class OfferedReplies {
  #panel;
  #search;
  #choices;

  constructor(panel, pick) {
    this.#panel = panel;
    this.#search = panel.querySelector("input");
    this.#choices = new ChoiceList(panel.querySelector("[role=listbox]"), this.#search, pick);
    this.#search.addEventListener("input", () => this.#filter());
  }

  /** Asked for each time: they may have changed. Without a line, those known serve. */
  async open(url) {
    this.#search.value = "";
    this.#search.focus();
    if (this.#choices.options.length) this.#filter();
    else this.#say("loading");
    try {
      const answer = await get(url);
      if (!answer.ok) throw new Error(answer.status);
      this.#choices.fill(await answer.text());
      this.#filter();
    } catch (problem) {
      if (problem instanceof SignedOut) return toSignIn();
      if (!this.#choices.options.length) this.#say("failed");
    }
  }

  #filter() {
    const found = fitting(this.#choices.options, this.#search.value);
    this.#choices.show(found);
    this.#say(found.length ? "" : "none");
  }

  #say(what) {
    const line = this.#panel.querySelector("[data-none]");
    line.textContent = line.dataset[what] ?? "";
  }

  /** What a key chooses; null: nothing, and it is done; undefined: the key is not for here. */
  pressed({ key, shiftKey, isComposing, target }) {
    const { current } = this.#choices;
    if (isComposing || target !== this.#search) return undefined;
    if (STEPS[key]) return this.#choices.step(STEPS[key]) ?? null;
    if (key === "Enter") return current;
    return key === "Tab" && !shiftKey && current ? current : undefined;
  }
}
