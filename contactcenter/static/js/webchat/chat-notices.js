/** The one sentence between header and thread, if there is one to say. */
class ChatNotices extends HTMLElement {
  #trouble = false;

  paint({ code, resumed }) {
    this.#show(code ? String(code) : this.#trouble ? "error" : resumed ? "resumed" : "");
  }

  /** What the server refused without closing the line, in its own words. */
  complain(detail) {
    this.#trouble = Boolean(detail);
    this.querySelector('[data-notice="error"]').textContent = detail;
    this.#show(this.#trouble ? "error" : "");
  }

  #show(name) {
    const notices = this.querySelectorAll("[data-notice]");
    notices.forEach((notice) => (notice.hidden = notice.dataset.notice !== name));
  }
}

customElements.define("chat-notices", ChatNotices);
