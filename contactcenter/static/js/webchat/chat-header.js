import { isFinal } from "./backoff.js";
import { part } from "./bubble.js";
import { isLive } from "./situation.js";
import { clock, fill, initials } from "./wording.js";

/** Who is at the other end, and how the line and the chat stand. */
class ChatHeader extends HTMLElement {
  paint({ line, code, state, agent, endedAt, left, abandoned }) {
    const gone = isFinal(code);
    const name = agent?.name || this.dataset.brand;
    part(this, "name").textContent = name;
    part(this, "initials").textContent = initials(name);
    part(this, "online").hidden = !agent || line !== "up";
    part(this, "spinner").hidden = gone || line === "up";
    this.#say(gone ? "" : this.#status({ line, state, agent, endedAt, left, abandoned }));
    this.#offerEnd(gone || left ? "new" : state);
  }

  set framed(framed) {
    this.querySelector('[data-action="close"]').hidden = !framed;
  }

  /** Who waits leaves the queue, who is served ends the chat. */
  #offerEnd(state) {
    const button = this.querySelector('[data-action="end"]');
    const { leave, end } = this.dataset;
    button.hidden = !isLive(state);
    button.ariaLabel = button.title = state === "queued" ? leave : end;
  }

  /** Only what is new: the line is read aloud whenever its text changes. */
  #say(sentence) {
    const status = part(this, "status");
    if (status.textContent !== sentence) status.textContent = sentence;
  }

  #status({ line, state, agent, endedAt, left, abandoned }) {
    const { brand, connecting, reconnecting, queued, ended } = this.dataset;
    if (line === "connecting") return connecting;
    if (line === "lost") return reconnecting;
    if (left) return this.dataset.left;
    if (state === "ended" && abandoned) return this.dataset.abandoned;
    if (state === "ended") return fill(ended, { time: clock(endedAt) });
    if (state === "queued") return queued;
    return agent ? brand : "";
  }
}

customElements.define("chat-header", ChatHeader);
