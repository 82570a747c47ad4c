/** The files in the dialog: which were chosen, how they stand, whether all of them can be sent. */
import { kindOf } from "../file-kinds.js";
import { post } from "../http.js";
import { FileLine } from "./file-line.js";

const UNDER_WAY = new Set(["going", "lost", "checking", "ready"]);

export class ChosenFiles {
  #form;
  #replaced = null;

  constructor(form) {
    this.#form = form;
    form.addEventListener("click", ({ target }) => this.#pressed(target.closest("button")));
    form.addEventListener("change", ({ target }) => target.files && this.#chosen(target));
  }

  get #lines() {
    return [...this.#form.querySelectorAll(".upload")];
  }

  get #states() {
    return this.#lines.map(({ dataset }) => dataset.state);
  }

  /** Those it would be a pity to lose. */
  get kept() {
    return this.#states.filter((state) => UNDER_WAY.has(state));
  }

  get isFit() {
    return this.#states.length > 0 && this.#states.every((state) => state === "ready");
  }

  /** What is sent: as the outbox wants it. */
  get message() {
    return {
      conversation: this.#form.dataset.conversation,
      url: this.#form.getAttribute("action"),
      text: this.#form.querySelector("[name=text]").value.trim(),
      uploads: this.#lines.map(({ dataset }) => dataset.upload),
      names: this.#lines.map((line) => line.querySelector("[data-name]").textContent),
    };
  }

  /** A picker that is opened here is a press, too: of no button. */
  #pressed(button) {
    if (!button) return;
    const line = button.closest(".upload");
    if (button.matches("[data-remove]")) return this.#remove(line);
    const from = button.matches("[data-replace]") ? "file" : button.dataset.choose;
    this.#replaced = line;
    if (from) this.#form.querySelector(`[data-from=${from}]`).click();
  }

  #chosen(input) {
    const files = [...input.files];
    input.value = ""; // the same one again is a choice again
    this.add(files, this.#replaced?.isConnected ? this.#replaced : null);
    this.#replaced = null;
  }

  /** At most ten; in the place of one that is replaced. */
  add(files, replaced = null) {
    const room = Number(this.#form.dataset.most) - this.#lines.length + (replaced ? 1 : 0);
    const alert = this.#form.querySelector("[data-alert]");
    alert.textContent = files.length > room ? alert.dataset.many : "";
    for (const file of files.slice(0, room)) this.#begin(file, replaced);
    if (replaced) this.#remove(replaced);
    this.#lines.at(-1)?.scrollIntoView({ block: "nearest" });
    // On a phone its keyboard would come up, over what is said of the file.
    if (!matchMedia("(pointer: coarse)").matches) this.#form.querySelector("[name=text]").focus();
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

  #remove(element) {
    element.line?.stop();
    if (element.contains(document.activeElement)) this.#form.querySelector("[data-choose]").focus();
    element.remove();
    const { upload } = element.dataset;
    // Where this does not get through, the server discards it a day later.
    if (upload) post(`${this.#form.dataset.uploads}${upload}/removal/`).catch(() => {});
    this.judge();
  }

  discard() {
    for (const element of this.#lines) this.#remove(element);
  }

  /** Send only what is fit to be sent, all of it. */
  judge() {
    const states = this.#states;
    this.#form.querySelector("[type=submit]").disabled = !this.isFit;
    this.#form.dataset.count = states.length;
    const hint = this.#form.querySelector("[data-hint]");
    const says = ["refused", "going", "lost", "checking", "ready"].find((one) => states.includes(one));
    const words = hint.dataset[says === "lost" ? "going" : says] ?? "";
    hint.classList.toggle("vh", says === "ready"); // its line shows it, this only says it
    if (hint.textContent !== words) hint.textContent = words;
  }
}
