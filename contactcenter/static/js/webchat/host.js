/**
 * The page around the iframe. It speaks to one origin only (the server checked it against the
 * inbox's list) and hears only its own parent. Events: "open" and "closed". Without a frame the
 * chat is simply open.
 */
export class Host extends EventTarget {
  #origin;

  constructor(origin) {
    super();
    this.#origin = this.alone ? "" : origin;
    window.addEventListener("message", ({ source, origin: from, data }) => {
      if (!this.framed || source !== window.parent || from !== this.#origin) return;
      if (data?.type !== "open" && data?.type !== "closed") return;
      this.dispatchEvent(new CustomEvent(data.type, { detail: { focus: data.focus === true } }));
    });
  }

  /** A page of its own, not in any frame. */
  get alone() {
    return window.parent === window;
  }

  /** In a frame of a page that may hear us. */
  get framed() {
    return this.#origin !== "";
  }

  /** The site's own colour, "" without one: said in the frame's address, next to its origin. */
  get accent() {
    return this.framed ? new URLSearchParams(location.search).get("accent") ?? "" : "";
  }

  tell(type, detail = {}) {
    if (this.framed) window.parent.postMessage({ type, ...detail }, this.#origin);
  }
}
