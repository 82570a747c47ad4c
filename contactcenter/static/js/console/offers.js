/** An offer comes in: it is said aloud, and where the list is not in view a toast leads to it. */
import { say } from "./announcer.js";
import { toast } from "./dialogs.js";
import { me, on } from "./screen.js";

const told = new Set(); // ids of offers

function tellNew() {
  for (const card of document.querySelectorAll("#offers > li")) {
    if (told.has(card.id)) continue;
    told.add(card.id);
    const sentence = say("offered", {
      from: card.dataset.from,
      name: card.querySelector(".nm bdi").textContent,
      channel: card.querySelector("[data-channel]").textContent,
    });
    if (!card.checkVisibility()) toast(sentence, me.home);
  }
}

export function start() {
  on("applied", tellNew);
}
