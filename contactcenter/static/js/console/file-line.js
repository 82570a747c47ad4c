/**
 * One chosen file in the dialog: its line until the server's own takes its place. How it stands is in
 * data-state: going, lost or refused here; checking, ready or refused from the server.
 */
import { csrf, toSignIn } from "../http.js";
import { sizeInWords } from "../file-kinds.js";
import { goUp } from "../going-up.js";
import { isVoice } from "../recording.js";
import { apply } from "./fragments.js";
import { copy, tell } from "./screen.js";

const headers = () => ({ "X-CSRFToken": csrf(), "X-Requested-With": "fetch" });

/** A page (of a proxy, of an error) is none. */
const sentence = ({ type, text }) => (type.startsWith("text/plain") ? text : "");

export class FileLine {
  element = copy("upload-going");
  #file;
  #box;
  #url;
  #ended = new AbortController();

  /** `box`: the rule of its kind as the dialog shows it. */
  constructor(file, box) {
    this.#file = file;
    this.#box = box;
    this.element.line = this;
    this.element.dataset.kind = box.dataset.kind;
    this.#part("name").textContent = file.name;
    this.#part("about").textContent = sizeInWords(file.size);
    for (const part of [this.#bar, this.#part("remove")]) part.ariaLabel += ` ${file.name}`;
    this.element.querySelector(".pre .icon").className = `icon l ${box.dataset.icon}`;
  }

  start(url, conversation) {
    this.#url = url;
    const { kind, most } = this.#box.dataset;
    const fields = { kind, conversation, ...(isVoice(this.#file) && { voice: 1 }) };
    const way = { url, fields, headers, sentence };
    const words = this.#part("now").dataset;
    goUp(this.#file, { way, most: Number(most), words, signal: this.#ended.signal }, this);
  }

  stop() {
    this.#ended.abort();
  }

  percent(percent) {
    this.#bar.value = percent;
  }

  says(state, sentence) {
    this.element.dataset.state = state;
    const now = this.#part("now");
    if (now.textContent !== sentence) now.textContent = sentence;
    tell("files");
  }

  answered(answer) {
    const { status, text, address } = answer;
    const isOut = status === 401 || new URL(address).pathname !== this.#url;
    if (isOut) toSignIn();
    if (isOut || status !== 201) {
      const why = sentence(answer) || this.#part("now").dataset.failed;
      return this.refused(why, status === 413 ? "size" : "");
    }
    const [, id] = /id="(upload-[^"]+)"/.exec(text);
    this.element.id = id; // so that the server's line takes this one's place, focus and all
    apply(text);
  }

  /** Not stored: the reason, and a cross on the line of the box it is about. */
  refused(sentence, line = "") {
    this.element.prepend(crossed(this.#box, line, this.#file.size));
    this.#part("why").textContent = sentence;
    this.#part("why").parentElement.hidden = false;
    this.#bar.remove();
    this.says("refused", "");
  }

  get #bar() {
    return this.element.querySelector("progress");
  }

  #part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }
}

function crossed(box, name, size) {
  const copied = box.cloneNode(true);
  const line = copied.querySelector(`[data-line="${name}"]`);
  const figure = Object.assign(document.createElement("b"), { textContent: sizeInWords(size) });
  figure.className = "figure";
  line?.classList.add("unmet");
  line?.querySelector(".icon").classList.add("i-x");
  line?.lastElementChild.append(" ", figure);
  return copied;
}
