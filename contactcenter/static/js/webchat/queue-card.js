import { part } from "./bubble.js";
import { fill } from "./wording.js";

/** The place in the queue, and how long it may take if the server knows. */
class QueueCard extends HTMLElement {
  paint({ state, position, wait, left }) {
    this.hidden = state !== "queued" || left;
    if (this.hidden) return;
    part(this, "position").textContent = position ?? "";
    part(this, "position").hidden = !position;
    const { number, waiting } = this.dataset;
    this.#say("title", position ? fill(number, { position }) : waiting);
    this.#say("wait", this.#about(wait));
    this.#drawBar(position);
  }

  /** Changes only what is new: the card is read aloud whenever its text changes. */
  #say(name, text) {
    const place = part(this, name);
    if (place.textContent !== text) place.textContent = text;
  }

  #about(wait) {
    const { soon, minute, minutes, range, unknown } = this.dataset;
    if (!wait) return unknown;
    const [min, max] = wait.map((seconds) => Math.ceil(seconds / 60));
    if (wait[1] < 60) return soon;
    if (max <= 1) return minute;
    return min > 0 && min < max ? fill(range, { min, max }) : fill(minutes, { max });
  }

  /** Five steps; the front of the queue is at the end. Who is further back stands on the first. */
  #drawBar(position) {
    const mine = Math.max(0, 5 - (position ?? 5));
    [...part(this, "bar").children].forEach((step, index) => {
      step.classList.toggle("gone", index < mine);
      step.classList.toggle("me", index === mine);
    });
  }
}

customElements.define("queue-card", QueueCard);
