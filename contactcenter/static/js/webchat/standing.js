import { situation } from "./situation.js";

/** Where the chat stands by the server's own word: queued, assigned, ended, and which one. */
export class Standing {
  #chat;
  #told = { conversation: null, state: "new" };

  constructor(chat) {
    this.#chat = chat;
  }

  settle(frame, more = {}) {
    this.#told = { conversation: frame.conversation, state: frame.state };
    const changes = situation(this.#chat.facts, frame);
    const away = frame.state === "ended" && frame.conversation === this.#chat.cleared;
    this.#chat.update({ ...changes, ...(away ? { state: "new" } : {}), ...more });
  }

  /** An ack: a text that began a new conversation, before anything is said about its state. */
  accepted(conversation) {
    if (conversation !== this.#chat.facts.conversation) this.settle({ conversation, state: "new" });
  }

  state(frame) {
    const { ledger, facts } = this.#chat;
    if (frame.conversation !== facts.conversation && ledger.knows(frame.conversation)) return;
    ledger.complete(frame.conversation, 0);
    this.settle(frame);
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
