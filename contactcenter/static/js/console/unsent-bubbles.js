/** The bubbles of answers that are not stored yet. */
import { uuid } from "../uuid.js";
import { outbox } from "./outbox.js";
import { copy, me, thread } from "./screen.js";
import { Unsent } from "./unsent.js";

class UnsentBubbles extends Unsent {
  get box() {
    return thread().querySelector("message-composer");
  }

  dress(element, { conversation, text, names = [] }) {
    const into = `log-${conversation}`;
    const author = thread().matches(".direct") ? "colleague" : "agent";
    Object.assign(element.dataset, { conversation, into, author, agent: me.agent });
    element.querySelector(".who").remove();
    element.querySelector(".bub").textContent = text;
    element.toggleAttribute("data-files", names.length > 0); // they do not go back into the box
    for (const name of names) element.querySelector(".bub").before(fileOf(name));
    if (names.length && !text) element.querySelector(".bub").remove();
  }
}

function fileOf(name) {
  const file = copy("pending-file");
  file.querySelector("[data-name]").textContent = name;
  return file;
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
