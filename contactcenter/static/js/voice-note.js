/**
 * <voice-note>: a microphone, a clock, done or cancel. Event: "recorded" (detail: the file), to be
 * heard before it is sent.
 */
import { Recording, typeHere } from "./recording.js";

const LONGEST = 15 * 60_000; // ms
const PROBLEMS = { NotAllowedError: "denied", NotFoundError: "none" };

class VoiceNote extends HTMLElement {
  #recording = null;
  #isAsking = false; // for the microphone
  #began = 0;
  #ticking;

  connectedCallback() {
    this.hidden = !typeHere();
    this.addEventListener("click", ({ target }) => {
      const { dataset = {} } = target.closest("button") ?? {};
      if ("record" in dataset) this.#begin();
      if ("done" in dataset) this.#end(true);
      if ("cancel" in dataset) this.#end(false);
    });
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.#recording) return;
      event.preventDefault(); // it means nothing else then
      event.stopPropagation();
      this.#end(false);
    });
  }

  disconnectedCallback() {
    this.#end(false);
  }

  #part(name) {
    return this.querySelector(`[data-${name}]`);
  }

  async #begin() {
    if (this.#isAsking) return;
    this.#part("problem").textContent = "";
    const recording = new Recording();
    this.#isAsking = true;
    try {
      await recording.begin();
    } catch ({ name }) {
      this.#part("problem").textContent = this.dataset[PROBLEMS[name] ?? "failed"];
      return;
    } finally {
      this.#isAsking = false;
    }
    if (!this.isConnected) return recording.end(""); // nobody is there any more to press Done
    this.#recording = recording;
    this.#began = Date.now();
    this.#ticking = setInterval(() => this.#tick(), 250);
    this.#show(true);
  }

  async #end(isWanted) {
    const recording = this.#recording;
    if (!recording) return;
    this.#recording = null;
    clearInterval(this.#ticking);
    this.#show(false);
    const file = await recording.end(this.dataset.name);
    if (isWanted && file)
      this.dispatchEvent(new CustomEvent("recorded", { detail: file, bubbles: true }));
  }

  #show(isRecording) {
    this.#part("record").hidden = isRecording;
    this.#part("recording").hidden = !isRecording;
    this.#part(isRecording ? "done" : "record").focus();
    this.#tick();
  }

  #tick() {
    const time = Date.now() - this.#began;
    const seconds = Math.floor(time / 1000);
    const shown = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    this.#part("time").textContent = shown;
    if (time > LONGEST) this.#end(true);
  }
}

customElements.define("voice-note", VoiceNote);
