/** <sound-control>: sounds at news, can be muted; asks for a press where the browser wants one. */
import { drop, load, save } from "../store.js";
import { arm, isArmed, isPossible, onChange, play, settled } from "./chime.js";
import { ElectedTab } from "./elected-tab.js";
import { me, on } from "./screen.js";

const MUTED = `muted:${me.agent}`;
const LAST = `sounded:${me.agent}`;
const PAUSE = 1_000; // ms between two sounds, whichever tabs they come from
const turn = new ElectedTab("sound");

/** True once in a second, for all tabs together. */
function isDue() {
  const now = Date.now();
  if (Math.abs(now - Number(load(LAST))) < PAUSE) return false;
  save(LAST, now);
  return true;
}

class SoundControl extends HTMLElement {
  connectedCallback() {
    if (!isPossible) return;
    this.#toggle.hidden = false;
    this.#toggle.addEventListener("click", () => this.#mute(!this.#isMuted));
    this.#ask.addEventListener("click", () => this.#turnOn());
    addEventListener("storage", () => this.#show()); // another tab was muted
    document.addEventListener("visibilitychange", () => this.#stand());
    addEventListener("focus", () => this.#stand());
    onChange(() => this.#stand());
    on("news", () => this.#news());
    this.#show();
    this.#stand();
  }

  get #toggle() {
    return this.querySelector("[data-toggle]");
  }

  get #ask() {
    return this.querySelector("[data-ask]");
  }

  get #isMuted() {
    return load(MUTED) === "1";
  }

  async #news() {
    if (this.#isMuted) return;
    await settled();
    if (!isArmed()) this.#ask.hidden = (await turn.isAnybodys()) || isArmed();
    else if ((await turn.isOurs()) && isDue()) play();
  }

  /** The one in front sounds, if it can. */
  #stand() {
    if (!isArmed()) return turn.leave();
    this.#ask.hidden = true;
    turn.offer();
  }

  /** Heard at once: then one knows what to listen for. */
  async #turnOn() {
    this.#toggle.focus(); // this button goes
    await arm();
    play();
  }

  #mute(isMuted) {
    if (isMuted) save(MUTED, "1");
    else drop(MUTED);
    this.#show();
  }

  #show() {
    const isMuted = this.#isMuted;
    const name = isMuted ? this.dataset.off : this.dataset.on;
    const icon = this.#toggle.querySelector(".icon");
    this.#toggle.setAttribute("aria-pressed", String(!isMuted));
    this.#toggle.setAttribute("aria-label", name);
    this.#toggle.title = name;
    icon.classList.toggle("i-mute", isMuted);
    icon.classList.toggle("i-sound", !isMuted);
    if (isMuted) this.#ask.hidden = true;
  }
}

customElements.define("sound-control", SoundControl);
