import { situation } from "./situation.js";

/** Where the chat stands by the server's own word: queued, assigned, ended, and which one. */
export class Standing {
  #chat;
  #memory;
  #told = { conversation: null, state: "new" };

  constructor(chat, memory) {
    this.#chat = chat;
    this.#memory = memory;
    memory.hear("conversation", (known) => chat.ledger.current === known || chat.line.greet());
  }

  settle(frame, more = {}) {
    this.#told = frame;
    const changes = situation(this.#chat.facts, frame);
    const ended = frame.state === "ended";
    const away = ended && frame.conversation === this.#chat.cleared;
    if (frame.conversation && !away) this.#keep(frame.conversation);
    const abandoned = ended && this.#chat.leaving.didLeave(frame.conversation);
    this.#chat.update({ ...changes, abandoned, ...(away && { state: "new" }), ...more });
  }

  /** An ack: a text that began a new conversation, before anything is said about its state. A
      text that was only added to the ended one ("thanks") leaves it ended. */
  accepted(conversation) {
    const { facts } = this.#chat;
    if (conversation !== facts.conversation) this.settle({ conversation, state: "new" });
    else if (facts.state === "new" && this.#told.state === "ended") this.settle(this.#told);
  }

  /** Of a new conversation its first message may come before the word of its state. */
  state(frame) {
    const { ledger } = this.#chat;
    if (ledger.isPast(frame.conversation)) return;
    ledger.complete(frame.conversation, 0);
    this.settle(frame);
  }

  /** What a reload, a day or another tab goes on with. */
  #keep(conversation) {
    if (this.#memory.get("conversation") === conversation) return;
    this.#memory.set("conversation", conversation);
  }

  queue({ position, wait }) {
    this.#chat.update({ position, wait });
  }

  /** A beat that says something else than what is on screen: hello again brings the rest. */
  beat({ conversation, state, seq, position }) {
    const { ledger, facts } = this.#chat;
    const moved = conversation !== this.#told.conversation || state !== this.#told.state;
    if (moved || seq > ledger.after) this.#chat.line.greet();
    else if (state === "queued" && position !== facts.position) this.#chat.update({ position });
    this.#chat.flush({ anew: true });
  }
}
