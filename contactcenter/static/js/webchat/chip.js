/** One file on its way into the next message: a line of the tray. */
import { kindOf, sizeInWords } from "../file-kinds.js";
import { Unreadable } from "../uploading.js";
import { part } from "./bubble.js";
import { fill } from "./wording.js";

const ICONS = { image: "i-image", video: "i-video", audio: "i-mic", document: "i-doc" };
let lane = Promise.resolve(); // one after the other: each is there sooner

export class Chip {
  state = "going"; // lost, checking, ready, refused
  frame = null; // what the server says of it
  #words;
  #ended = new AbortController();

  /** `changed()` is called whenever its state is another. */
  constructor(template, file, { rules, files, changed }) {
    Object.assign(this, { file, rules, files, changed, kind: kindOf(file) });
    this.#words = template.dataset;
    this.element = template.content.firstElementChild.cloneNode(true);
    part(this.element, "file-name").textContent = file.name;
    part(this.element, "remove").ariaLabel = fill(this.#words.remove, { name: file.name });
    this.#bar.ariaLabel = fill(this.#words.uploading, { name: file.name });
    part(this.element, "pre").firstElementChild.classList.add(ICONS[this.kind]);
  }

  /** Its name at the server, once it is there. */
  get id() {
    return this.frame?.id;
  }

  get #bar() {
    return this.element.querySelector("progress");
  }

  start() {
    const rule = this.rules[this.kind];
    const { size } = this.file;
    const sizes = { size: sizeInWords(size), most: sizeInWords(rule?.max ?? 0) };
    if (!rule) return this.#say("refused", this.#words.notTaken);
    if (size > rule.max) return this.#say("refused", fill(this.#words.tooBig, sizes));
    this.#say("going", this.#words.waits);
    lane = lane.then(() => this.#go());
  }

  /** Taken out of the tray. */
  stop() {
    this.#ended.abort();
    if (this.frame) this.files.remove(this.frame.id);
  }

  /** The server's word about it. */
  hear(frame) {
    this.frame = frame;
    this.#say(frame.state, frame.reason || frame.converted || this.#words[frame.state]);
  }

  async #go() {
    if (this.#ended.signal.aborted) return;
    const heard = {
      going: (percent) => {
        this.#bar.value = percent;
        this.#say("going", this.#words.going);
      },
      lost: (sentence) => this.#say("lost", sentence || this.#words.lost),
    };
    try {
      const answer = await this.files.carry(this.file, this.kind, heard, this.#ended.signal);
      const said = JSON.parse(answer.text);
      this.frame = answer.status === 201 ? said : null;
      if (answer.status === 201) this.files.heard(said);
      else this.#say("refused", said.detail);
    } catch (problem) {
      if (problem instanceof Unreadable) this.#say("refused", this.#words.unreadable);
      else if (!this.#ended.signal.aborted) this.#say("refused", this.#words.lost);
    }
  }

  #say(state, sentence) {
    const isNew = this.element.dataset.state !== state;
    this.element.dataset.state = this.state = state;
    this.#bar.hidden = !["going", "lost"].includes(state);
    const line = part(this.element, "state");
    if (line.textContent !== sentence) line.textContent = sentence;
    if (isNew) this.changed();
  }
}
