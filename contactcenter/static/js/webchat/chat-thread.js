import { bubble, joined, mark, part, systemLine } from "./bubble.js";
import { showFiles } from "./file-bubble.js";
import { Order } from "./order.js";
import { separate } from "./separators.js";

/** The messages on screen: each once, in its place by conversation and number. */
class ChatThread extends HTMLElement {
  #order = new Order(part(this, "list"), (list) => separate(list, part(this, "separator")));

  /** A message the server has: shown, or its pending bubble settled. */
  show(message) {
    const { id, conversation, seq, from, name, at } = message;
    const known = this.#find(id);
    const article = known ?? this.#draw(message);
    if (known && message.files?.length) showFiles(known, message.files, message.text);
    mark(article, { at, state: from === "contact" ? "sent" : "" });
    this.#order.place(article, conversation, seq);
    if (from === "agent" && name) this.#join(name, conversation, seq - 0.5);
  }

  /** A text of this browser's that the server has not accepted (yet, or at all): always last. */
  wait({ id, text, files, at, held, reason }) {
    const article = this.#find(id) ?? this.#draw({ id, from: "contact", text, files });
    mark(article, { at, state: held ? "failed" : "sending", reason });
    if (!article.isConnected) this.#order.place(article, null, Infinity);
    this.scrollTop = 0; // column-reverse: the newest end
  }

  /** What became of files, wherever they stand. */
  files({ files }) {
    for (const file of files) {
      const place = this.querySelector(`[data-upload="${file.id}"]`)?.closest(".msg");
      if (place) showFiles(place, [file], part(place, "text").textContent);
    }
  }

  settle({ id, conversation, seq, at }) {
    const article = this.#find(id);
    if (!article || article.dataset.state === "read") return;
    mark(article, { at, state: "sent" });
    this.#order.place(article, conversation, seq);
  }

  /** The agent has read up to `seq`. */
  read({ conversation, seq }) {
    for (const article of this.querySelectorAll('.out[data-state="sent"]')) {
      const own = article.dataset.conversation === conversation;
      if (own && Number(article.dataset.seq) <= seq) mark(article, { state: "read" });
    }
    this.#order.group();
  }

  /** "Carla joined the chat", at the end when nothing from them is here yet. */
  join(name, conversation) {
    const known = this.#joined(name, conversation);
    if (!known) this.#join(name, conversation, this.#order.last(conversation) + 0.5);
  }

  clear() {
    this.#order.clear();
  }

  /** From now on what arrives is read aloud; what was there before is not. */
  announce() {
    setTimeout(() => this.setAttribute("aria-live", "polite"), 500);
  }

  #join(name, conversation, seq) {
    const line = this.#joined(name, conversation) ?? joined(part(this, "joined"), name);
    const isLate = line.isConnected && Number(line.dataset.seq) <= seq;
    if (!isLate) this.#order.place(line, conversation, seq);
  }

  #joined(name, conversation) {
    const lines = [...this.querySelectorAll(".joined")];
    const here = lines.filter(({ dataset }) => dataset.conversation === conversation);
    return here.find(({ dataset }) => dataset.name === name);
  }

  #draw(message) {
    if (message.from === "system") return systemLine(part(this, "system"), message);
    return bubble(part(this, "message"), message);
  }

  #find(id) {
    return document.getElementById(`message-${id}`);
  }
}

customElements.define("chat-thread", ChatThread);
