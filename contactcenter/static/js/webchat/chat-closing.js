import { part } from "./bubble.js";
import { clock, fill } from "./wording.js";

/** What stands under the last message once the chat is over for the customer. */
class ChatClosing extends HTMLElement {
  paint({ state, endedAt, left, abandoned, inactive }) {
    const ended = state === "ended";
    part(this, "ended").hidden = !ended;
    part(this, "left").hidden = !left;
    const time = ended ? clock(endedAt) : "";
    const kind = (abandoned && "abandoned") || (inactive && "inactive") || "ended";
    part(this, "ended-at").textContent = fill(this.dataset[kind], { time });
  }
}

customElements.define("chat-closing", ChatClosing);
