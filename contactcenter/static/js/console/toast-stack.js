/** <toast-stack>: short news, 6 seconds, longer under the pointer or the focus. */
import { copy } from "./screen.js";

const STAY = 6_000;

class ToastStack extends HTMLElement {
  show(message, url = "") {
    const toast = copy("toast-line");
    toast.querySelector("[data-text]").textContent = message;
    const link = toast.querySelector("a");
    if (url) {
      link.hidden = false;
      link.href = url;
      link.setAttribute("hx-get", url);
      link.addEventListener("click", () => toast.remove());
    }
    this.append(toast);
    window.htmx.process(toast);
    this.#leaveLater(toast);
  }

  #leaveLater(toast) {
    setTimeout(() => {
      if (toast.matches(":hover, :focus-within")) this.#leaveLater(toast);
      else toast.remove();
    }, STAY);
  }
}

customElements.define("toast-stack", ToastStack);
