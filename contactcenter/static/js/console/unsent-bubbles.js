/** The bubbles of answers that are not stored yet. */
import { uuid } from "../uuid.js";
import { outbox } from "./outbox.js";
import { me, thread } from "./screen.js";
import { Unsent } from "./unsent.js";

class UnsentBubbles extends Unsent {
  get box() {
    return thread().querySelector("message-composer");
  }

  dress(element, { conversation, text }) {
    const into = `log-${conversation}`;
    const author = thread().matches(".direct") ? "colleague" : "agent";
    Object.assign(element.dataset, { conversation, into, author, agent: me.agent });
    element.querySelector(".who").remove();
    element.querySelector(".bub").textContent = text;
  }
}

const bubbles = new UnsentBubbles(outbox, {
  id: "message-",
  pending: "pending-message",
  sending: "message-sending",
  refused: "message-refused",
  alert: "unsent",
});

/** Text that can no longer be sent is not thrown away: it stands in the thread, to be copied. */
export function strand(conversation, text, why = true) {
  const url = thread().dataset.sendUrl;
  outbox.add({ id: uuid(), conversation, url, text, refused: why });
}

export const start = () => bubbles.start();
