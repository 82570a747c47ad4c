import { part } from "./bubble.js";
import { Chat } from "./chat.js";
import { ChatFiles } from "./chat-files.js";
import "./elements.js";
import { hearFiles } from "./choosing.js";
import { hearPerson } from "./gestures.js";
import { Host } from "./host.js";
import { Memory } from "./memory.js";
import { Reading } from "./reading.js";
import { hearHost } from "./surroundings.js";
import { Typist } from "./typing.js";

const PAINTED = "chat-form, chat-header, chat-notices, chat-composer, chat-tray, queue-card, chat-closing";

/** The whole page: connects the chat with what is on screen and with the page around it. */
class ChatPanel extends HTMLElement {
  #memory = new Memory(this.dataset.key);
  #host = new Host(this.dataset.host);
  #thread = this.querySelector("chat-thread");
  #notices = this.querySelector("chat-notices");
  #form = this.querySelector("chat-form");
  #news = this.querySelector("new-messages");
  #composer = this.querySelector("chat-composer");
  #typist = new Typist(part(this, "typing"));
  #chat = new Chat({ path: this.dataset.socket, memory: this.#memory });
  #reading = new Reading(this.#chat, this.#host, this.#memory);

  connectedCallback() {
    this.#composer.memory = this.#memory;
    const files = new ChatFiles(this.#chat, this.dataset.uploads, this.#memory);
    hearFiles(this, { tray: this.querySelector("chat-tray"), files });
    this.#form.answers = this.#chat.answers;
    this.querySelector("chat-header").framed = this.#host.framed;
    this.#hearChat();
    hearHost(this, { host: this.#host, reading: this.#reading, news: this.#news });
    hearPerson(this, { chat: this.#chat, host: this.#host });
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
    on("files", (news) => this.#heard(news));
    on("read", (mark) => this.#thread.read(mark));
    on("typing", () => this.#typist.show(this.#chat.facts.agent?.name));
    on("trouble", (detail) => this.#notices.complain(detail));
    on("cleared", () => this.#thread.clear());
  }

  #heard(news) {
    this.#thread.files(news);
    this.querySelector("chat-tray").hear(news.files);
  }

  /** The focus where the person goes on. */
  attend() {
    (this.#form.hidden ? this.#composer : this.#form).focus();
  }

  #paint(facts) {
    const writing = this.#composer.contains(document.activeElement);
    this.toggleAttribute("data-form", facts.form !== null);
    this.querySelectorAll(PAINTED).forEach((element) => element.paint(facts));
    if (writing && !this.#form.hidden) this.#form.focus();
    if (facts.agent) this.#thread.join(facts.agent.name, facts.conversation);
    if (facts.state !== "assigned") this.#typist.hide();
    if (facts.conversation) this.#host.tell("started");
    const isBack = facts.line === "up" && this.dataset.line !== "up";
    this.dataset.line = facts.line;
    if (!isBack) return;
    this.#thread.announce();
    this.#reading.repeat();
  }

  #show(message) {
    this.#thread.show(message);
    this.#news.record(message);
    this.#reading.record(message);
    if (message.from !== "agent") return;
    this.#typist.hide();
    this.#thread.read(message); // who answers has read what stands above
  }
}

customElements.define("chat-panel", ChatPanel);
