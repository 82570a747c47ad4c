import { dress } from "./accent.js";
import { part } from "./bubble.js";
import { Chat } from "./chat.js";
import "./chat-closing.js";
import "./chat-composer.js";
import "./chat-header.js";
import "./chat-notices.js";
import "./chat-thread.js";
import { hearPerson } from "./gestures.js";
import { Host } from "./host.js";
import { Memory } from "./memory.js";
import "./queue-card.js";
import { Reading } from "./reading.js";
import { Typist } from "./typing.js";

const PAINTED = "chat-header, chat-notices, chat-composer, queue-card, chat-closing";

/** The whole page: connects the chat with what is on screen and with the page around it. */
class ChatPanel extends HTMLElement {
  #memory = new Memory(this.dataset.key);
  #host = new Host(this.dataset.host);
  #thread = this.querySelector("chat-thread");
  #notices = this.querySelector("chat-notices");
  #composer = this.querySelector("chat-composer");
  #typist = new Typist(part(this, "typing"));
  #chat = new Chat({
    address: new URL(this.dataset.socket, location.href.replace(/^http/, "ws")).href,
    memory: this.#memory,
    language: document.documentElement.lang,
  });
  #reading = new Reading(this.#chat, this.#host, this.#memory);

  connectedCallback() {
    dress(this.dataset.accent);
    this.#composer.memory = this.#memory;
    this.querySelector("chat-header").framed = this.#host.framed;
    this.#hearChat();
    this.#hearHost();
    const [chat, host] = [this.#chat, this.#host];
    hearPerson(this, { chat, host, composer: this.#composer, notices: this.#notices });
    this.#paint(this.#chat.facts);
    this.#chat.outbox.items.forEach((item) => this.#thread.wait(item));
    this.#chat.line.open();
  }

  #hearChat() {
    const on = (name, action) => this.#chat.addEventListener(name, ({ detail }) => action(detail));
    on("change", (facts) => this.#paint(facts));
    on("message", (message) => this.#show(message));
    on("pending", (item) => this.#thread.wait(item));
    on("settled", (ack) => this.#thread.settle(ack));
    on("read", (mark) => this.#thread.read(mark));
    on("typing", () => this.#typist.show(this.#chat.facts.agent?.name));
    on("trouble", (detail) => this.#notices.complain(detail));
    on("cleared", () => this.#thread.clear());
  }

  #hearHost() {
    this.#host.addEventListener("open", ({ detail }) => {
      this.#reading.open = true;
      if (detail.focus) this.#composer.focus();
    });
    this.#host.addEventListener("closed", () => (this.#reading.open = false));
    this.#host.tell("ready");
    if (this.#host.alone) this.#composer.focus();
  }

  #paint(facts) {
    this.querySelectorAll(PAINTED).forEach((element) => element.paint(facts));
    if (facts.agent) this.#thread.join(facts.agent.name, facts.conversation);
    if (facts.state !== "assigned") this.#typist.hide();
    if (facts.conversation) this.#host.tell("started");
    if (facts.line === "up" && this.dataset.line !== "up") this.#arrive();
    this.dataset.line = facts.line;
  }

  #arrive() {
    this.#thread.announce();
    this.#reading.repeat();
  }

  #show(message) {
    this.#thread.show(message);
    this.#reading.note(message);
    if (message.from === "agent") this.#typist.hide();
  }
}

customElements.define("chat-panel", ChatPanel);
