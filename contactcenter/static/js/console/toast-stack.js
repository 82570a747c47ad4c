/** <toast-stack>: short news, 6 seconds, longer under the pointer or the focus. */
import { copy } from "./screen.js";

const STAY = 6_000;

class ToastStack extends HTMLElement {
  /** With a link to a conversation, or to what opens in a dialog: `{ text, target }`. */
  show(message, url = "", dialog = null) {
    const toast = copy("toast-line");
    toast.querySelector("[data-text]").textContent = message;
    const link = toast.querySelector("a");
    if (url) {
      link.hidden = false;
      link.href = url;
      link.setAttribute("hx-get", url);
      if (dialog) this.#lead(link, dialog);
      link.addEventListener("click", () => setTimeout(() => toast.remove())); // htmx first
    }
    this.append(toast);
    window.htmx.process(toast);
    this.#leaveLater(toast);
  }

  #lead(link, { text, target }) {
    link.textContent = text;
    link.setAttribute("hx-target", target);
    link.setAttribute("hx-swap", "innerHTML");
    for (const name of ["hx-select", "hx-push-url", "hx-sync"]) link.removeAttribute(name);
  }

  #leaveLater(toast) {
    setTimeout(() => {
      if (toast.matches(":hover, :focus-within")) this.#leaveLater(toast);
      else toast.remove();
    }, STAY);
  }
}

customElements.define("toast-stack", ToastStack);
