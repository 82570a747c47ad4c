/** Notes that are not stored yet. */
import { noteOutbox } from "./note-outbox.js";
import { me, thread } from "./screen.js";
import { Unsent } from "./unsent.js";

class UnsentNotes extends Unsent {
  get box() {
    return thread().querySelector("note-composer");
  }

  dress(element, { text }) {
    element.dataset.by = me.agent;
    element.querySelector(".text").textContent = text;
  }
}

const notes = new UnsentNotes(noteOutbox, {
  id: "note-",
  pending: "pending-note",
  sending: "note-sending",
  refused: "note-refused",
  alert: "unadded",
});

export function start() {
  noteOutbox.start();
  notes.start();
}
