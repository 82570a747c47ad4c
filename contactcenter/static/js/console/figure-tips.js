/**
 * <figure-tips>: what a figure means, under the pointer, at the focus or at a tap; Esc hides it.
 * The figures in it are replaced at any time: which one is explained is kept here.
 */
class FigureTips extends HTMLElement {
  #dismissed = ""; // hidden by Esc, until the pointer or the focus goes elsewhere

  connectedCallback() {
    this.addEventListener("pointerover", (event) => this.#pointed(event));
    this.addEventListener("pointerleave", () => this.#show(this.#of(document.activeElement)));
    this.addEventListener("focusin", ({ target }) => this.#show(this.#of(target)));
    this.addEventListener("focusout", (event) => this.#left(event));
    this.addEventListener("click", (event) => this.#tapped(event));
    document.addEventListener("click", ({ target }) => this.contains(target) || this.#show(""));
    document.addEventListener("keydown", (event) => this.#pressed(event), { capture: true });
  }

  #of(element) {
    return (this.contains(element) && element.closest("[data-about]")?.dataset.about) || "";
  }

  #show(about) {
    if (about !== this.#dismissed) this.#dismissed = "";
    this.dataset.shown = about === this.#dismissed ? "" : about;
  }

  /** A finger on the tip has read it: it may cover what comes next. */
  #tapped({ target, pointerType }) {
    this.#dismissed = "";
    const isRead = pointerType === "touch" && target.closest(".tip");
    this.#show(isRead ? "" : this.#of(target));
  }

  /** A finger taps; only what hovers points. */
  #pointed({ pointerType, target }) {
    const about = this.#of(target);
    if (pointerType === "mouse" && about) this.#show(about);
  }

  /** Replaced figures lose the focus to nothing and get it back at once. */
  #left({ relatedTarget }) {
    if (relatedTarget) this.#dismissed = "";
    this.dataset.shown = "";
  }

  #pressed(event) {
    if (event.key !== "Escape" || !this.dataset.shown) return;
    event.preventDefault();
    this.#dismissed = this.dataset.shown;
    this.dataset.shown = "";
  }
}

customElements.define("figure-tips", FigureTips);
