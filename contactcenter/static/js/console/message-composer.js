/** <message-composer>: the answer that is being written. */
import { uuid } from "../uuid.js";
import { DraftBox } from "./draft-box.js";
import { outbox } from "./outbox.js";
import { open } from "./screen.js";
import { forget, tellTyping } from "./typing-marks.js";
import { strand } from "./unsent-bubbles.js";

const BLANK = /\{(?:contact|agent|campaign)\}/; // of a quick reply

class MessageComposer extends DraftBox {
  constructor() {
    super("draft");
  }

  /** Beside notes it has to be chosen first. */
  focus() {
    const modes = this.closest("composer-modes");
    if (modes) modes.choose("reply");
    else this.box.focus();
  }

  /** Where nothing can be answered any more, what was being written is stranded. */
  restore() {
    if (this.box) return super.restore();
    if (this.draft) strand(open(), this.draft, this.querySelector("[data-why]")?.dataset.why);
    this.forget();
  }

  typed() {
    super.typed();
    if (this.box.value.trim()) tellTyping();
  }

  /** A name nobody filled in never goes out: false, and said so. */
  send(text, form) {
    const [blank] = text.match(BLANK) ?? [];
    if (blank) {
      const left = this.querySelector(".left");
      left.textContent = left.dataset.blank.replace("{blank}", blank);
      left.classList.add("full");
      return false;
    }
    const quote = this.querySelector("quote-picker")?.take();
    const more = quote ? { quote } : {};
    outbox.add({ id: uuid(), conversation: open(), url: form.action, text, more });
    forget();
    return true;
  }
}

customElements.define("message-composer", MessageComposer);
