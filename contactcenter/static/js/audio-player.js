/** <audio-player>: the browser's own player, and how fast it plays. */

const SPEEDS = [1, 1.5, 2];

class AudioPlayer extends HTMLElement {
  constructor() {
    super();
    this.addEventListener("click", ({ target }) => target.closest("[data-speed]") && this.#faster());
    // One voice at a time.
    const hush = ({ target }) => {
      for (const other of document.querySelectorAll("audio, video"))
        if (other !== target) other.pause();
    };
    this.addEventListener("play", hush, { capture: true }); // it does not bubble
  }

  connectedCallback() {
    this.querySelector("[data-speed]").hidden = false;
  }

  #faster() {
    const audio = this.querySelector("audio");
    audio.playbackRate = SPEEDS[(SPEEDS.indexOf(audio.playbackRate) + 1) % SPEEDS.length];
    const speed = audio.playbackRate.toLocaleString(document.documentElement.lang);
    this.querySelector("[data-rate]").textContent = `${speed}×`;
  }
}

customElements.define("audio-player", AudioPlayer);
