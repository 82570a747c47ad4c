import { isLive } from "./situation.js";

const LEFT_QUEUE = "leaving"; // in storage: a reload and the other tab say the same

/** The person ends the chat, also without a line: then as soon as it is up. */
export class Leaving {
  #chat;
  #memory;
  #asked = null; // the conversation to end as soon as the line is up

  constructor(chat, memory) {
    this.#chat = chat;
    this.#memory = memory;
  }

  ask(conversation = this.#chat.facts.conversation) {
    const { facts, line } = this.#chat;
    const live = conversation === facts.conversation && isLive(facts.state);
    if (live && facts.state === "queued") this.#memory.set(LEFT_QUEUE, conversation);
    this.#asked = live && !line.send({ type: "end" }) ? conversation : null;
  }

  /** The line is up again. */
  resume() {
    if (this.#asked) this.ask(this.#asked);
  }

  /** Too late to leave the queue: an agent had come, and was left. */
  missed() {
    this.#memory.remove(LEFT_QUEUE);
  }

  /** Whether that conversation ended because the person left the queue. */
  didLeave(conversation) {
    return this.#memory.get(LEFT_QUEUE) === conversation;
  }
}
