/** <audio-player>: the browser's own player, and how fast it plays. */

const SPEEDS = [1, 1.5, 2];

class AudioPlayer extends HTMLElement {
  connectedCallback() {
    this.#button.hidden = false;
    this.#button.addEventListener("click", () => this.#faster());
    // One voice at a time.
    this.#audio.addEventListener("play", () => {
      for (const other of document.querySelectorAll("audio, video"))
        if (other !== this.#audio) other.pause();
    });
  }

  get #audio() {
    return this.querySelector("audio");
  }

  get #button() {
    return this.querySelector("[data-speed]");
  }

  #faster() {
    const audio = this.#audio;
    audio.playbackRate = SPEEDS[(SPEEDS.indexOf(audio.playbackRate) + 1) % SPEEDS.length];
    const speed = audio.playbackRate.toLocaleString(document.documentElement.lang);
    this.#button.textContent = `${speed}×`;
  }
}

customElements.define("audio-player", AudioPlayer);
