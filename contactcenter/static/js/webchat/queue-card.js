import { part } from "./bubble.js";
import { Spoken } from "./spoken.js";
import { fill } from "./wording.js";

const PAUSE = 20_000; // ms between two places read aloud: a long queue moves every second
const HOUR = 60; // minutes

/** The place in the queue, and how long it may take if the server knows. */
class QueueCard extends HTMLElement {
  #spoken = new Spoken(part(this, "spoken"), PAUSE);

  paint({ state, position, wait, left }) {
    const card = part(this, "card");
    const waits = state === "queued" && !left;
    if (!waits && !card.hidden) this.#spoken.silence();
    card.hidden = !waits;
    if (!waits) return;
    const { number, waiting, browsing } = this.dataset;
    const title = position ? fill(number, { position }) : waiting;
    const sentence = [this.#about(wait), browsing].filter(Boolean).join(" ");
    part(this, "position").textContent = position ?? "";
    part(this, "position").hidden = !position;
    part(this, "title").textContent = title;
    part(this, "wait").textContent = sentence;
    this.#drawBar(position);
    this.#spoken.say(`${title}. ${sentence}`);
  }

  /** Rounded outwards to whole minutes: a range that is kept rather than a figure that looks good. */
  #about(wait) {
    if (!wait) return "";
    const { soon, minute, minutes, upTo, range, atLeast, hour } = this.dataset;
    const [min, max] = [Math.floor(wait[0] / 60), Math.ceil(wait[1] / 60)];
    if (min < 1 && max <= 1) return soon;
    if (min >= HOUR) return hour;
    if (max > HOUR) return fill(min > 1 ? atLeast : hour, { min });
    if (max <= 1) return minute;
    if (min === 0) return fill(upTo, { max });
    return min < max ? fill(range, { min, max }) : fill(minutes, { max });
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
