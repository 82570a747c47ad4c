/** <attach-menu>: the clip and its menu. What the channel does not take says why, and does nothing. */
const LETTERS = { i: "image", v: "video", d: "document", u: "audio" };

class AttachMenu extends HTMLElement {
  #ended = new AbortController();

  connectedCallback() {
    this.#clip.addEventListener("click", () => (this.#menu.hidden ? this.open() : this.#close()));
    this.#menu.addEventListener("click", (event) => this.#chosen(event));
    this.addEventListener("keydown", (event) => this.#pressed(event));
    this.addEventListener("focusout", ({ relatedTarget }) => this.#left(relatedTarget));
    document.addEventListener("pointerdown", ({ target }) => this.#left(target), this.#ended);
  }

  disconnectedCallback() {
    this.#ended.abort();
  }

  get #clip() {
    return this.querySelector("[data-clip]");
  }

  get #menu() {
    return this.querySelector("[role=menu]");
  }

  get #items() {
    return [...this.querySelectorAll("[role=menuitem]")];
  }

  open(at = 0) {
    this.#show(true);
    this.#items.at(at).focus();
  }

  /** Why such a file cannot be sent here; "" where it can. */
  refusal(kind) {
    const item = this.#items.find(({ dataset }) => dataset.kind === kind);
    return item.querySelector("small[id]")?.textContent ?? "";
  }

  #show(isShown) {
    this.#menu.hidden = !isShown;
    this.#clip.setAttribute("aria-expanded", String(isShown));
  }

  #close() {
    this.#show(false);
    this.#clip.focus();
  }

  /** Pressed or gone elsewhere; where a press gives nothing the focus, there is nowhere to go. */
  #left(target) {
    if (target && !this.contains(target)) this.#show(false);
  }

  #chosen(event) {
    const item = event.target.closest("[role=menuitem]");
    if (!item) return;
    if (item.getAttribute("aria-disabled") === "true") event.stopPropagation();
    else this.#close(); // its dialog is on its way
  }

  #pressed(event) {
    const { key, altKey, ctrlKey, metaKey } = event;
    if (altKey || ctrlKey || metaKey || event.isComposing) return;
    const action = this.#menu.hidden ? this.#opening(key) : this.#moving(key);
    if (!action) return;
    event.preventDefault(); // it means nothing else then: the console's own keys are letters too
    action();
  }

  #opening(key) {
    return { ArrowDown: () => this.open(0), ArrowUp: () => this.open(-1) }[key];
  }

  #moving(key) {
    const items = this.#items;
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[key];
    if (to !== undefined) return () => items.at(to % items.length).focus();
    if (key === "Escape") return () => this.#close();
    if (key.length > 1 || key === " ") return null; // Tab and Enter do what they do
    return () => items.find(({ dataset }) => dataset.kind === LETTERS[key])?.focus();
  }
}

customElements.define("attach-menu", AttachMenu);
