/**
 * The socket: down only, comes back by itself. Tells its owner "open", "frame" (with the frame),
 * "lost", "refused" when the server says this person may not be here (any more), and "replaced"
 * when newer tabs took its place.
 */
const SILENCE = 25_000; // ms without a frame: beats come every 10 s
const FIRST = 500;
const LAST = 4_000; // longer, and nobody would be back within five seconds (promise P-09)
const REFUSED = new Set([4401, 4403]);
const REPLACED = 4409; // too many tabs: coming back would only push out the next one

export class Line {
  #url;
  #tell;
  #socket = null;
  #pause = FIRST;
  #timers = {};

  constructor(path, tell) {
    this.#url = new URL(path, location.href.replace(/^http/, "ws"));
    this.#tell = tell;
    addEventListener("online", () => this.now());
    addEventListener("pageshow", () => this.now());
    addEventListener("offline", () => this.#socket?.close());
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Try at once, unless the line is there or being made. */
  now() {
    if (this.isOpen || this.#socket?.readyState === WebSocket.CONNECTING) return;
    clearTimeout(this.#timers.retry);
    this.#connect();
  }

  #connect() {
    const socket = (this.#socket = new WebSocket(this.#url));
    this.#listen();
    socket.onopen = () => {
      this.#pause = FIRST;
      this.#listen();
      this.#tell("open");
    };
    socket.onmessage = (event) => {
      this.#listen();
      this.#tell("frame", JSON.parse(event.data));
    };
    socket.onclose = (event) => this.#closed(socket, event.code);
  }

  /** Start the wait for the next frame over. */
  #listen() {
    const socket = this.#socket;
    clearTimeout(this.#timers.silence);
    this.#timers.silence = setTimeout(() => {
      socket.close();
      this.#closed(socket, 1006); // a dead line's own close may take minutes
    }, SILENCE);
  }

  #closed(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    clearTimeout(this.#timers.silence);
    if (REFUSED.has(code)) return this.#tell("refused");
    if (code === REPLACED) return this.#tell("replaced");
    this.#tell("lost");
    this.#timers.retry = setTimeout(() => this.now(), this.#pause * (0.5 + Math.random() / 2));
    this.#pause = Math.min(LAST, this.#pause * 2);
  }
}
