/** One file on its way into the next message: a line of the tray. */
import { kindOf } from "../file-kinds.js";
import { goUp } from "../going-up.js";
import { isVoice } from "../recording.js";
import { part } from "./bubble.js";
import { sentence } from "./chat-files.js";
import { Preview } from "./preview.js";
import { fill } from "./wording.js";

export class Chip {
  state = "going"; // lost, checking, ready, refused
  frame = null; // what the server says of it, once it is there
  #words;
  #ended = new AbortController();
  #preview;

  /** `changed()` is called whenever its state is another. */
  constructor(template, file, { rules, files, changed }) {
    Object.assign(this, { file, rules, files, changed, kind: kindOf(file) });
    this.#words = template.dataset;
    this.element = template.content.firstElementChild.cloneNode(true);
    part(this.element, "file-name").textContent = file.name;
    part(this.element, "remove").ariaLabel = fill(this.#words.remove, { name: file.name });
    this.#bar.ariaLabel = fill(this.#words.uploading, { name: file.name });
    this.#preview = new Preview(this.element, file, this.kind);
  }

  get #bar() {
    return this.element.querySelector("progress");
  }

  start() {
    const rule = this.rules[this.kind];
    if (!rule) return this.refused(this.#words.notTaken);
    const fields = { kind: this.kind, ...(isVoice(this.file) && { voice: 1 }) };
    const around = { most: rule.max, words: this.#words, signal: this.#ended.signal };
    goUp(this.file, { way: this.files.way(fields), ...around }, this);
  }

  /** Taken out of the tray. */
  stop() {
    this.#ended.abort();
    if (this.frame) this.files.remove(this.frame.id);
    this.forget();
  }

  forget() {
    this.#preview.forget();
  }

  percent(percent) {
    this.#bar.value = percent;
  }

  answered(answer) {
    if (answer.status !== 201) return this.refused(sentence(answer) || this.#words.failed);
    this.frame = JSON.parse(answer.text);
    this.files.heard(this.frame); // and comes back by `hear`, as all that the server says of it
  }

  hear(frame) {
    this.frame = frame;
    part(this.element, "file-name").textContent = frame.name;
    const made = isVoice(this.file) ? "" : frame.converted;
    this.says(frame.state, frame.reason || made || this.#words[frame.state]);
  }

  refused(sentence) {
    this.says("refused", sentence);
  }

  says(state, sentence) {
    const isNew = this.element.dataset.state !== state;
    this.element.dataset.state = this.state = state;
    this.#bar.hidden = !["going", "lost"].includes(state);
    const line = part(this.element, "state");
    if (line.textContent !== sentence) line.textContent = sentence;
    if (isNew) this.changed();
  }
}
