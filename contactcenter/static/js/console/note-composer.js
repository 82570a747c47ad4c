/** <note-composer>: a note that is being written. It knows nothing of answers, nor they of it. */
import { uuid } from "../uuid.js";
import { DraftBox } from "./draft-box.js";
import { noteOutbox } from "./note-outbox.js";
import { open } from "./screen.js";

class NoteComposer extends DraftBox {
  constructor() {
    super("note-draft");
  }

  focus() {
    this.closest("composer-modes").choose("note");
  }

  /** Its form stands in a template until it is wanted: there is one box to write in at a time. */
  open({ isOnContact }) {
    if (!this.box) this.append(this.querySelector("template").content.cloneNode(true));
    if (isOnContact) this.querySelector("[name=about]").checked = true;
    this.restore();
  }

  send(text, form) {
    const about = form.elements.about.checked ? "contact" : "conversation";
    noteOutbox.add({ id: uuid(), conversation: open(), url: form.action, text, more: { about } });
    form.elements.about.checked = false;
    return true;
  }
}

customElements.define("note-composer", NoteComposer);
