import { Answers } from "./answers.js";
import { address, hello } from "./hello.js";
import { Leaving } from "./leaving.js";
import { Ledger } from "./ledger.js";
import { Line } from "./line.js";
import { Outbox } from "./outbox.js";
import { Server } from "./server.js";
import { BEFORE, isLive } from "./situation.js";

/** A customer's chat without its looks: what the person does goes in by the methods, what is to be
 * shown comes out as events ("change", "message", "pending", "settled", "cleared", "typing",
 * "read", "files", "trouble"). `server.js` hears the frames.
 */
export class Chat extends EventTarget {
  facts = BEFORE;
  cleared = null; // an ended conversation the person put away
  #flying = null; // id of the one text on its way

  constructor({ path, memory }) {
    super();
    this.outbox = new Outbox(memory);
    this.answers = new Answers(memory);
    this.ledger = new Ledger(memory.get("conversation"));
    this.leaving = new Leaving(this, memory);
    this.memory = memory;
    this.line = new Line(address(path), () => hello(this));
    this.server = new Server(this, memory);
  }

  /** The questions before the chat: the welcome says whether the answers will do. */
  answer(texts) {
    this.answers.give(texts);
    this.line.greet();
  }

  write(said) {
    const item = this.outbox.add(said);
    const fresh = this.facts.state === "ended" ? { state: "new", agent: null } : {};
    this.update({ ...fresh, left: false, resumed: false });
    this.emit("pending", item);
    this.flush();
  }

  again(id) {
    const item = this.outbox.hold(id, false);
    if (item) this.emit("pending", item);
    this.flush();
  }

  /** The oldest unsent text goes out, the next after its ack: so they can only arrive in order. */
  flush({ anew = false } = {}) {
    const [next] = this.outbox.waiting;
    if (!next || this.facts.form || (!anew && next.id === this.#flying)) return;
    const { id, text, files = [] } = next;
    const uploads = files.map((file) => file.id);
    const sent = this.line.send({ type: "message", id, text, uploads });
    this.#flying = sent ? next.id : null;
  }

  settle(id) {
    this.outbox.settle(id);
    this.flush();
  }

  /** The line is up (again): what waited for it goes out. Twice is harmless, ids name the texts. */
  resume() {
    this.flush({ anew: true });
    this.leaving.resume();
  }

  /** An empty page for the next chat. */
  begin() {
    this.cleared = this.facts.conversation;
    this.memory.remove("conversation");
    this.update({ state: "new", agent: null });
    this.emit("cleared");
  }

  typing() {
    if (isLive(this.facts.state)) this.line.send({ type: "typing" });
  }

  update(changes) {
    this.facts = { ...this.facts, ...changes };
    this.emit("change", this.facts);
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
