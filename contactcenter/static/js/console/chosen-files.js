/** The files in the dialog: which were chosen, how they stand, whether all of them can be sent. */
import { kindOf } from "../file-kinds.js";
import { post } from "../http.js";
import { FileLine } from "./file-line.js";

const UNDER_WAY = new Set(["going", "lost", "checking", "ready"]);

export class ChosenFiles {
  #form;

  constructor(form) {
    this.#form = form;
  }

  get lines() {
    return [...this.#form.querySelectorAll(".upload")];
  }

  /** Those it would be a pity to lose. */
  get kept() {
    return this.lines.filter(({ dataset }) => UNDER_WAY.has(dataset.state));
  }

  /** At most ten; in the place of one that is replaced. */
  add(files, replaced = null) {
    const room = Number(this.#form.dataset.most) - this.lines.length + (replaced ? 1 : 0);
    const alert = this.#form.querySelector("[data-alert]");
    alert.textContent = files.length > room ? alert.dataset.many : "";
    for (const file of files.slice(0, room)) this.#begin(file, replaced);
    if (replaced) this.remove(replaced);
    this.judge();
  }

  #begin(file, before) {
    const { conversation, uploads: url } = this.#form.dataset;
    const boxes = [...this.#form.querySelectorAll(".box .reqs")];
    const box = boxes.find(({ dataset }) => dataset.kind === kindOf(file)) ?? boxes[0];
    const line = new FileLine(file, box);
    this.#form.querySelector(".uploads").insertBefore(line.element, before);
    line.start(url, conversation);
  }

  remove(element) {
    element.line?.stop();
    element.remove();
    const { upload } = element.dataset;
    // Where this does not get through, the server discards it a day later.
    if (upload) post(`${this.#form.dataset.uploads}${upload}/removal/`).catch(() => {});
    this.judge();
  }

  discard() {
    for (const element of this.lines) this.remove(element);
  }

  /** Send only what is fit to be sent, all of it. */
  judge() {
    const states = this.lines.map(({ dataset }) => dataset.state);
    const isFit = states.length > 0 && states.every((state) => state === "ready");
    this.#form.querySelector("[type=submit]").disabled = !isFit;
    this.#form.dataset.count = states.length;
    const hint = this.#form.querySelector("[data-hint]");
    const says = ["refused", "going", "lost", "checking"].find((state) => states.includes(state));
    const words = hint.dataset[says === "lost" ? "going" : says] ?? "";
    if (hint.textContent !== words) hint.textContent = words;
  }
}
