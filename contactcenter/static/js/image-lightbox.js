/**
 * <image-lightbox>: a picture over the page; arrows to the next ones, + and - to look closer, and
 * arrows to look around then.
 */

const CLOSEST = 4;
const STEP = 120; // px a key moves a picture that is larger than the window

class ImageLightbox extends HTMLElement {
  #links = [];
  #at = 0;
  #zoom = 1;

  connectedCallback() {
    document.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("keydown", (event) => this.#pressed(event));
    this.#dialog.addEventListener("close", () => this.#left());
    this.#picture.addEventListener("load", () => this.toggleAttribute("data-loading", false));
    this.#picture.addEventListener("error", () => this.toggleAttribute("data-failed", true));
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  get #stage() {
    return this.querySelector("[data-stage]");
  }

  get #picture() {
    return this.querySelector("[data-picture]");
  }

  #clicked(event) {
    const { target, ctrlKey, metaKey, shiftKey } = event;
    const link = target.closest?.("a[data-lightbox]");
    if (link && !ctrlKey && !metaKey && !shiftKey) {
      event.preventDefault();
      this.#open(link);
    }
    if (!this.contains(target)) return;
    const { go, zoom } = target.closest("button")?.dataset ?? {};
    if (go) this.#go(Number(go));
    else if (zoom) this.#look(this.#zoom * (zoom === "in" ? 2 : 0.5));
    else if (target === this.#picture) this.#look(this.#zoom > 1 ? 1 : 2);
    else if (target.matches("[data-stage], [data-close], [data-close] *")) this.#dialog.close();
  }

  #open(link) {
    const place = link.closest("[data-pictures]") ?? document;
    this.#links = [...place.querySelectorAll("a[data-lightbox]")];
    this.#show(this.#links.indexOf(link));
    this.#dialog.showModal();
  }

  #show(at) {
    this.#at = at;
    const link = this.#links[at];
    const { alt, width, height } = link.querySelector("img");
    this.toggleAttribute("data-loading", true);
    this.toggleAttribute("data-failed", false);
    Object.assign(this.#picture, { alt, src: link.href });
    Object.assign(this.#picture.dataset, { width, height });
    this.querySelector("[data-caption]").textContent = alt;
    this.querySelector("[data-original]").href = link.href;
    this.querySelector("[data-place]").textContent = `${at + 1} / ${this.#links.length}`;
    for (const button of this.querySelectorAll("[data-go]")) {
      // Not disabled: it would take the focus with it, and with that the keys.
      button.ariaDisabled = String(!this.#links[at + Number(button.dataset.go)]);
    }
    this.#look(1);
  }

  /** Back to its place; what stood there may have been drawn anew meanwhile. */
  #left() {
    const link = this.#links[this.#at];
    const same = ({ href }) => href === link.href;
    (link.isConnected ? link : [...document.querySelectorAll("a[data-lightbox]")].find(same))?.focus();
    this.#links = [];
    this.#picture.removeAttribute("src");
  }

  #go(by) {
    if (this.#links[this.#at + by]) this.#show(this.#at + by);
  }

  #look(zoom) {
    this.#zoom = Math.min(CLOSEST, Math.max(1, zoom));
    this.style.setProperty("--zoom", this.#zoom);
    this.toggleAttribute("data-close-up", this.#zoom > 1);
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = this.#stage;
    this.#stage.scrollTo((scrollWidth - clientWidth) / 2, (scrollHeight - clientHeight) / 2);
  }

  #pan(right, down) {
    this.#stage.scrollBy(right * STEP, down * STEP);
  }

  #pressed(event) {
    const forward = getComputedStyle(this).direction === "rtl" ? -1 : 1;
    const moves = { ArrowRight: forward, ArrowLeft: -forward };
    const zooms = { "+": this.#zoom * 2, "=": this.#zoom * 2, "-": this.#zoom / 2, 0: 1 };
    const pans = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
    if (this.#zoom > 1 && event.key in pans) this.#pan(...pans[event.key]);
    else if (event.key in moves) this.#go(moves[event.key]);
    else if (event.key in zooms) this.#look(zooms[event.key]);
  }
}

customElements.define("image-lightbox", ImageLightbox);
