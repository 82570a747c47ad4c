import { Ledger } from "./ledger.js";
import { Line } from "./line.js";
import { Outbox } from "./outbox.js";
import { Server } from "./server.js";
import { BEFORE, isLive } from "./situation.js";

/**
 * A customer's chat without its looks: what the person does goes in by the methods, what is to be
 * shown comes out as events ("change", "message", "pending", "settled", "cleared", "typing",
 * "read", "trouble"). `server.js` hears the frames.
 */
export class Chat extends EventTarget {
  facts = BEFORE;
  ledger = new Ledger();
  cleared = null; // an ended conversation the person put away
  #flying = null; // id of the one text on its way
  #ending = null; // the conversation to end as soon as the line is up

  constructor({ address, memory, language }) {
    super();
    this.outbox = new Outbox(memory);
    const who = () => ({ token: memory.get("token"), name: "", language });
    this.line = new Line(address, () => ({ type: "hello", ...who(), ...this.ledger.place }));
    this.server = new Server(this, memory);
  }

  write(text) {
    const item = this.outbox.add(text);
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
    if (!next || (!anew && next.id === this.#flying)) return;
    const sent = this.line.send({ type: "message", id: next.id, text: next.text });
    this.#flying = sent ? next.id : null;
  }

  settle(id) {
    this.outbox.settle(id);
    this.flush();
  }

  end(conversation = this.facts.conversation) {
    const live = conversation === this.facts.conversation && isLive(this.facts.state);
    this.#ending = live && !this.line.send({ type: "end" }) ? conversation : null;
  }

  /** The line is up (again): what waited for it goes out. Twice is harmless, ids name the texts. */
  resume() {
    this.flush({ anew: true });
    if (this.#ending) this.end(this.#ending);
  }

  /** An empty page for the next chat. */
  begin() {
    this.cleared = this.facts.conversation;
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
