/** <composer-modes>: Reply or Note. Two boxes that share nothing but their place. */

class ComposerModes extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-choose]");
      if (button) this.choose(button.dataset.choose);
    });
    for (const change of ["input", "submit"])
      this.addEventListener(change, () => setTimeout(() => this.#mark()));
    this.#mark();
  }

  get #note() {
    return this.querySelector("note-composer");
  }

  choose(mode, { isOnContact = false } = {}) {
    const isNote = mode === "note";
    const reply = this.querySelector("message-composer");
    this.dataset.mode = mode;
    for (const button of this.querySelectorAll("[data-choose]"))
      button.setAttribute("aria-pressed", String(button.dataset.choose === mode));
    if (isNote) this.#note.open({ isOnContact });
    reply.hidden = isNote;
    this.#note.hidden = !isNote;
    (isNote ? this.#note : reply).box?.focus();
  }

  /** A note that was begun is not forgotten in the other mode. */
  #mark() {
    this.querySelector(".kept").hidden = !this.#note.draft;
  }
}

customElements.define("composer-modes", ComposerModes);
