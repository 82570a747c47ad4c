/**
 * What the customer has seen. Tells the server up to which number once the page is really looked
 * at, else the page around the frame how many are unread.
 */
export class Reading {
  #chat;
  #host;
  #memory;
  #open;
  #conversation = null;
  #incoming = [];
  #newest = 0;
  #told = 0;
  #looking = false;
  #atEnd = true;

  constructor(chat, host, memory) {
    this.#chat = chat;
    this.#host = host;
    this.#memory = memory;
    this.#open = !host.framed;
    document.addEventListener("visibilitychange", () => this.#look());
  }

  set open(open) {
    this.#open = open;
    this.#look();
  }

  /** Whether the newest message is in view, not below what the person scrolled up to. */
  set atEnd(atEnd) {
    this.#atEnd = atEnd;
    this.#look();
  }

  record({ conversation, seq, from }) {
    if (conversation !== this.#conversation) {
      this.#conversation = conversation;
      this.#incoming = [];
      this.#newest = this.#told = 0;
    }
    this.#newest = Math.max(this.#newest, seq);
    if (from !== "contact") this.#incoming.push(seq);
    this.#look();
  }

  /** A new line: what was told on the old one may have been lost. */
  repeat() {
    this.#told = 0;
    this.#look();
  }

  /** Once for a whole batch of messages. */
  #look() {
    if (this.#looking) return;
    this.#looking = true;
    queueMicrotask(() => {
      this.#looking = false;
      const isSeen = this.#open && this.#atEnd && !document.hidden;
      if (isSeen && this.#newest > this.#told) this.#tell();
      const seen = this.#seen();
      this.#host.tell("unread", { count: this.#incoming.filter((seq) => seq > seen).length });
    });
  }

  #tell() {
    this.#memory.set("read", JSON.stringify([this.#conversation, this.#newest]));
    if (this.#chat.line.send({ type: "read", seq: this.#newest })) this.#told = this.#newest;
  }

  #seen() {
    const [conversation, seq] = JSON.parse(this.#memory.get("read") ?? "[null,0]");
    return conversation === this.#conversation ? seq : 0;
  }
}
