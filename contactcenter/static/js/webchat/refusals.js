const BREATH = 2_000; // ms before a text that came too fast is sent again

/** What the server would not take. No text is lost by it. */
export class Refusals {
  #chat;

  constructor(chat) {
    this.#chat = chat;
    chat.line.addEventListener("lost", ({ detail }) => this.#lost(detail));
  }

  /** A refused text stays on screen with the reason; what only came too fast goes out by itself. */
  error({ id, code, detail }) {
    if (code === "hello_first" || code === "form_first") this.#chat.line.greet();
    else if (code === "too_fast") this.#breathe();
    else if (!this.#hold(id, detail)) this.#chat.emit("trouble", detail);
  }

  /** `code`: why the line closed, if that wants a sentence. */
  #lost(code) {
    const [first] = this.#chat.outbox.waiting;
    if (code === 4400 && first) this.#hold(first.id, ""); // it would close every line to come
    this.#chat.update({ line: "lost", code });
  }

  #breathe() {
    if (this.#chat.outbox.waiting.length === 0) return; // nothing anybody would miss
    this.#chat.update({ code: 4429 });
    setTimeout(() => this.#chat.flush({ anew: true }), BREATH);
  }

  #hold(id, reason) {
    const item = this.#chat.outbox.hold(id, true, reason);
    if (item) this.#chat.emit("pending", item);
    this.#chat.flush();
    return item !== null;
  }
}
