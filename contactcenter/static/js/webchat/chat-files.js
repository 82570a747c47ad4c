/** A visitor's files at the server: up, asked about, taken back. */
const ASKED = 5_000; // ms between two questions about what is being checked
const RENEWED = 25 * 60_000; // ms: links are good for an hour at least

/** Why it was not taken, in the server's words; a page (of a proxy, of an error) has none. */
export const sentence = ({ type, text }) =>
  type.startsWith("application/json") ? (JSON.parse(text).detail ?? "") : "";

export class ChatFiles {
  #chat;
  #address;
  #memory;
  #waiting = new Map(); // id → since when, of what is being checked

  /** Tells the chat "files" of what it learns. */
  constructor(chat, address, memory) {
    this.#chat = chat;
    this.#address = address;
    this.#memory = memory;
    chat.addEventListener("files", ({ detail }) => detail.files.forEach((file) => this.#learn(file)));
    // What a page is told may be lost on the way.
    setInterval(() => this.#ask(), ASKED);
    setInterval(() => this.#renew(), RENEWED);
  }

  /** How one goes up: as `uploading.carry` wants it. */
  way(fields) {
    return { url: this.#at(""), fields, headers: () => this.#headers, sentence };
  }

  /** The answer to an upload is news as any other. */
  heard(file) {
    this.#chat.emit("files", { files: [file] });
  }

  remove(id) {
    this.#waiting.delete(id);
    fetch(this.#at(`${id}/`), { method: "DELETE", headers: this.#headers }).catch(() => {});
  }

  /** Asked about from now on, until its check is over. */
  #learn({ id, state }) {
    if (state === "checking") this.#waiting.set(id, this.#waiting.get(id) ?? Date.now());
    else this.#waiting.delete(id);
  }

  async #ask() {
    for (const [id, since] of this.#waiting) if (Date.now() - since > ASKED) await this.#look(id);
  }

  /** Who leaves the page open all day can still press what was sent in the morning. */
  async #renew() {
    const shown = document.querySelectorAll('.msg .file[data-state="ready"]');
    for (const { dataset } of shown) await this.#look(dataset.upload);
  }

  async #look(id) {
    const answer = await fetch(this.#at(`${id}/`), { headers: this.#headers }).catch(() => null);
    if (answer?.status === 404) this.#waiting.delete(id);
    if (answer?.ok) this.heard(await answer.json());
  }

  #at = (rest) => `${this.#address}${rest}?lang=${document.documentElement.lang}`;

  get #headers() {
    return { Authorization: `Bearer ${this.#memory.get("token")}` };
  }
}
