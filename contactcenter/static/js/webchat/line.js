import { isFinal, isTold, pause } from "./backoff.js";

const HELLO_WITHIN = 10_000; // ms until the first answer
const SILENCE = 40_000; // the server beats every 15 s: two missed and it is dead
const STEADY = 5_000; // a line that held this long starts its back-off anew

/**
 * One socket that comes back. Events: "frame" (detail: the frame) and "lost" (detail: a close code
 * that wants a sentence, else null).
 */
export class Line extends EventTarget {
  #socket = null;
  #retry = null;
  #watch;
  #tries = 0;
  #began = 0;
  #heard = 0;
  #up = false;

  /** `hello` makes the first frame, anew each time. */
  constructor(address, hello) {
    super();
    Object.assign(this, { address, hello });
    window.addEventListener("online", () => this.#hurry());
    window.addEventListener("offline", () => this.#socket && this.#lose(1006));
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
  }

  open() {
    this.#leave();
    this.#began = Date.now();
    const socket = (this.#socket = new WebSocket(this.address));
    socket.onopen = () => this.greet();
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = ({ code }) => socket === this.#socket && this.#lose(code);
    this.#expect(HELLO_WITHIN);
  }

  /** Says hello, also again on an open socket: the answer brings whatever is missing. */
  greet() {
    this.#write(this.hello());
  }

  /** False when the line is not up: nothing was sent, nothing is kept. */
  send(frame) {
    return this.#up && this.#write(frame);
  }

  #write(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #hear(frame) {
    this.#heard = Date.now();
    this.#expect(SILENCE);
    if (frame.type === "welcome") this.#up = true;
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  #lose(code) {
    this.#tries = this.#up && Date.now() - this.#began > STEADY ? 0 : this.#tries + 1;
    this.#leave();
    if (!isFinal(code)) this.#retry = setTimeout(() => this.open(), pause(code, this.#tries));
    this.dispatchEvent(new CustomEvent("lost", { detail: isTold(code) ? code : null }));
  }

  /** The network or the reader is back: no need to wait for the timer. */
  #hurry() {
    const quiet = Date.now() - (this.#up ? this.#heard : this.#began);
    const isStale = this.#socket && quiet > (this.#up ? SILENCE / 2 : 1_000);
    if (this.#retry || isStale) this.open();
  }

  #expect(time) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#lose(1006), time);
  }

  #leave() {
    clearTimeout(this.#retry);
    clearTimeout(this.#watch);
    const socket = this.#socket;
    this.#socket = this.#retry = null;
    this.#up = false;
    socket?.close();
  }
}
