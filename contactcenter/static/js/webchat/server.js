import { Refusals } from "./refusals.js";
import { isLive } from "./situation.js";
import { Standing } from "./standing.js";

const GAP = 300; // ms for a frame that another process published later
const LEFT = "customer_left";

/** What the server's frames do to a chat. */
export class Server {
  #chat;
  #memory;
  #standing;
  #refusals;
  #token;
  #known; // a visitor from before this page

  constructor(chat, memory) {
    this.#chat = chat;
    this.#memory = memory;
    this.#standing = new Standing(chat, memory);
    this.#refusals = new Refusals(chat);
    this.#token = memory.get("token");
    this.#known = this.#token !== null;
    chat.line.addEventListener("frame", ({ detail }) => this.#hear(detail));
  }

  #hear(frame) {
    switch (frame.type) {
      case "welcome": return this.#welcome(frame);
      case "ack": return this.#ack(frame);
      case "message": return this.#message(frame);
      case "delivery": return frame.state === "read" && this.#chat.emit("read", frame);
      case "error": return this.#refusals.error(frame);
      case "files": return this.#chat.emit("files", frame);
      case "upload": return this.#chat.emit("files", { files: [frame.file] });
      case "typing": return this.#chat.emit("typing");
      case "state": return this.#standing.state(frame);
      case "queue": return this.#standing.queue(frame);
      case "beat": return this.#standing.beat(frame);
    }
  }

  #welcome(frame) {
    if (this.#isSecond(frame.token)) return this.#chat.line.greet();
    this.#memory.set("token", frame.token);
    frame.messages.forEach((message) => this.#take(message));
    const own = frame.messages.filter(({ conversation }) => conversation === frame.conversation);
    this.#chat.ledger.complete(frame.conversation, Math.max(0, ...own.map(({ seq }) => seq)));
    const found = this.#known && isLive(frame.state) && own.length > 0;
    this.#known = false;
    const news = { line: "up", code: null, form: frame.form ?? null, rules: frame.rules };
    this.#standing.settle(frame, { ...news, ...(found && { resumed: true }) });
    this.#chat.emit("read", { conversation: frame.conversation, seq: frame.read ?? 0 });
    this.#chat.resume();
  }

  /** Another tab became a visitor meanwhile: we are the same person, and say hello as such. */
  #isSecond(token) {
    const kept = this.#memory.get("token");
    const isSecond = this.#token === null && kept !== null && kept !== token;
    this.#token = isSecond ? kept : token;
    return isSecond;
  }

  #ack(frame) {
    this.#chat.ledger.record(frame.conversation, frame.seq);
    this.#chat.emit("settled", frame);
    this.#standing.accepted(frame.conversation);
    this.#chat.answers.forget();
    this.#chat.settle(frame.id);
    if (this.#chat.facts.code) this.#chat.update({ code: null }); // not too fast any more
  }

  #message(frame) {
    this.#take(frame);
    const { ledger, line } = this.#chat;
    const hole = () => ledger.after < ledger.newest;
    if (hole()) setTimeout(() => hole() && line.greet(), GAP);
  }

  #take(message) {
    const { conversation, seq, event, files = [] } = message;
    if (files.length) this.#chat.emit("files", { files });
    const first = this.#chat.ledger.record(conversation, seq);
    if (!first || conversation === this.#chat.cleared) return;
    this.#chat.emit("message", message);
    this.#chat.settle(message.id);
    const [left, isNewest] = [event === LEFT, seq === this.#chat.ledger.newest];
    if (left) this.#chat.leaving.missed();
    if (isNewest && left !== this.#chat.facts.left) this.#chat.update({ left });
  }
}
