/**
 * One chosen file on its way, in the dialog: its line until the server's own takes its place. How it
 * stands is in data-state: going, lost or refused here; checking, ready or refused from the server.
 */
import { csrf, toSignIn } from "../http.js";
import { sizeInWords } from "../file-kinds.js";
import { carry, Unreadable } from "../uploading.js";
import { apply } from "./fragments.js";
import { copy, tell } from "./screen.js";

let lane = Promise.resolve(); // one after the other: each is there sooner

export class FileLine {
  #file;
  #way;
  #box;
  #ended = new AbortController();

  /** `box`: the rule of its kind as the dialog shows it. */
  constructor(file, { url, kind, conversation, box }) {
    this.#file = file;
    this.#box = box;
    const headers = () => ({ "X-CSRFToken": csrf(), "X-Requested-With": "fetch" });
    this.#way = { url, fields: { kind, conversation }, headers };
    this.element = copy("upload-going");
    this.element.line = this;
    this.element.id = `going-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    this.element.dataset.kind = kind;
    this.#part("name").textContent = file.name;
    this.#part("about").textContent = sizeInWords(file.size);
    for (const name of ["progress", "[data-remove]"]) {
      const part = this.element.querySelector(name);
      part.ariaLabel = `${part.ariaLabel} ${file.name}`;
    }
    this.element.querySelector(".pre .icon").className = `icon l ${box.dataset.icon}`;
  }

  start() {
    const most = Number(this.#box.dataset.most);
    if (this.#file.size > most) return this.#refuse(this.#words("tooBig", most), "size");
    if (!this.#file.size && this.#file.type) return this.#refuse(this.#part("why").dataset.empty);
    this.#say("waits");
    lane = lane.then(() => this.#go()).catch(() => {});
  }

  stop() {
    this.#ended.abort();
  }

  async #go() {
    if (this.#ended.signal.aborted) return;
    const heard = { going: (percent) => this.#going(percent), lost: (why) => this.#lost(why) };
    try {
      this.#answered(await carry(this.#file, this.#way, heard, this.#ended.signal));
    } catch (problem) {
      if (problem instanceof Unreadable) this.#refuse(this.#part("why").dataset.unreadable);
    }
  }

  #answered({ status, text, address }) {
    if (status === 401 || new URL(address).pathname !== this.#way.url) return toSignIn();
    if (status !== 201) return this.#refuse(text, status === 413 ? "size" : "");
    const id = /id="(upload-[^"]+)"/.exec(text)[1];
    this.element.id = id; // so that the server's line takes this one's place, focus and all
    apply(text);
  }

  #going(percent) {
    this.element.querySelector("progress").value = percent;
    this.#say("going");
  }

  #lost(sentence) {
    this.#say("lost", sentence);
  }

  #say(state, sentence = "") {
    const now = this.#part("now");
    this.element.dataset.state = state === "waits" ? "going" : state;
    const words = sentence || now.dataset[state];
    if (now.textContent !== words) now.textContent = words;
    tell("files");
  }

  /** Not stored: the reason, and a cross on the line of the box it is about. */
  #refuse(sentence, line = "") {
    this.element.dataset.state = "refused";
    this.element.prepend(this.#crossed(line));
    this.#part("why").textContent = sentence;
    this.#part("why").parentElement.hidden = false;
    for (const gone of this.element.querySelectorAll("progress, .now")) gone.remove();
    tell("files");
  }

  #crossed(name) {
    const box = this.#box.cloneNode(true);
    const line = box.querySelector(`[data-line="${name}"]`);
    line?.classList.add("unmet");
    line?.querySelector(".icon").classList.add("i-x");
    line?.lastElementChild.append(" ", Object.assign(document.createElement("b"), { className: "figure", textContent: sizeInWords(this.#file.size) }));
    return box;
  }

  #words(name, most) {
    const sentence = this.#part("why").dataset[name];
    return sentence.replace("{size}", sizeInWords(this.#file.size)).replace("{most}", sizeInWords(most));
  }

  #part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }
}
