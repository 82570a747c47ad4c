/** <wrap-up-list>: what is being finished; Ready gives its slot back at once. */
import { post, SignedOut, toSignIn } from "../http.js";

class WrapUpList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.#ready(event));
  }

  /** The row goes with the answer, should the push that says so be lost. */
  async #ready(event) {
    event.preventDefault();
    const form = event.target;
    const { id } = form.closest("li");
    try {
      const answer = await post(form.getAttribute("action"));
      if (answer.ok) this.#drop(id);
      else this.#say(answer.status < 500 ? await answer.text() : this.dataset.failed);
    } catch (problem) {
      this.#say(this.dataset.failed);
      if (problem instanceof SignedOut) toSignIn();
    }
  }

  /** The focus goes to the next one, else to the list it stood in. */
  #drop(id) {
    const row = document.getElementById(id);
    const hadFocus = document.activeElement === document.body || row?.contains(document.activeElement);
    row?.remove();
    if (!hadFocus) return;
    const next = this.querySelector("button") ?? document.querySelector("#items a");
    (next ?? document.getElementById("thread")).focus({ preventScroll: true });
  }

  #say(why) {
    document.querySelector("toast-stack").show(why);
  }
}

customElements.define("wrap-up-list", WrapUpList);
