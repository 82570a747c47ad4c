/** Asks the server for the whole screen, by the same fragments, until it answers. */
import { get, SignedOut, toSignIn } from "../http.js";
import { apply } from "./fragments.js";
import { log, open, tell, thread } from "./screen.js";

const FIRST = 500; // ms between two tries
const LAST = 4_000;
const MANY = 2_000; // ms: after some tries one has to know

export class Refresh {
  #path;
  #owner;
  #running = null;
  #again = false;
  #pause = FIRST;
  #why = "other"; // the server counts it (/metrics)
  #gone = ""; // the open conversation, once it may not be seen any more

  /** The owner hears `asking()`, then `refreshed(revision)`; `isOpen()`: is there a line? */
  constructor(path, owner) {
    this.#path = path;
    this.#owner = owner;
  }

  /** One at a time; asked for meanwhile, it is done once more. */
  ask(why) {
    this.#why = why;
    this.#again = Boolean(this.#running);
    this.#running ??= this.#run().finally(() => (this.#running = null));
    return this.#running;
  }

  async #run() {
    do {
      this.#again = false;
      const conversation = open();
      this.#owner.asking();
      try {
        await this.#take(await get(this.#address(conversation)), conversation);
        this.#pause = FIRST;
        tell("refresh", { isLate: false });
      } catch (problem) {
        if (problem instanceof SignedOut) return toSignIn();
        if (this.#pause >= MANY) tell("refresh", { isLate: true });
        await new Promise((done) => setTimeout(done, this.#pause));
        this.#pause = Math.min(LAST, this.#pause * 2);
        this.#again = this.#owner.isOpen(); // without a line the next one asks
      }
      this.#again ||= conversation !== open(); // another thread: its part was not in the answer
    } while (this.#again);
  }

  /** A place of the console that is another room's has an address of its own for all of it. */
  #address(conversation) {
    const url = new URL(thread().dataset.refresh ?? this.#path, location.href);
    const isAsked = conversation !== this.#gone && log();
    const asked = isAsked ? { conversation, after: log().lastWithoutGap } : {};
    const query = { ...asked, why: this.#why };
    for (const name of Object.keys(query)) url.searchParams.set(name, query[name]);
    for (const file of document.querySelectorAll('[data-upload][data-state="checking"]'))
      url.searchParams.append("checking", file.dataset.upload);
    return url;
  }

  async #take(answer, conversation) {
    if (answer.status === 403) return toSignIn();
    if (answer.status === 404 && conversation !== this.#gone) {
      this.#gone = conversation;
      this.#again = true;
      return tell("gone", { conversation });
    }
    if (!answer.ok) throw new Error(answer.status);
    apply(await answer.text());
    this.#owner.refreshed(Number(answer.headers.get("X-Revision")));
  }
}
