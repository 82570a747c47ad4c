/** What one is about to send: seen, and heard. It comes from this very page, not from the server. */
import { part } from "./bubble.js";

const ICONS = { image: "i-image", video: "i-video", audio: "i-mic", document: "i-doc" };

export class Preview {
  #address;

  constructor(element, file, kind) {
    this.#address = URL.createObjectURL(file);
    const [icon, picture] = part(element, "pre").children;
    icon.classList.add(ICONS[kind]);
    picture.hidden = true;
    picture.addEventListener("load", () => (picture.hidden = !(icon.hidden = true)));
    if (kind === "image") picture.src = this.#address;
    const player = element.querySelector("audio-player");
    if (kind !== "audio") return player.remove();
    Object.assign(player.querySelector("audio"), { src: this.#address, ariaLabel: file.name });
  }

  forget() {
    URL.revokeObjectURL(this.#address);
  }
}
