const TOGETHER = 2 * 60_000; // ms between two messages of one group

/** Keeps a list's elements in order: conversations as they came, messages by number. */
export class Order {
  #list;
  #ranks = [];
  #arranged;
  #grouping = false;

  /** `arranged(list)` is called before the grouping of whatever changed. */
  constructor(list, arranged) {
    this.#list = list;
    this.#arranged = arranged;
  }

  /** Without a conversation: after everything. Does not touch an element that stands right. */
  place(element, conversation, seq) {
    if (conversation && !this.#ranks.includes(conversation)) this.#ranks.push(conversation);
    Object.assign(element.dataset, { conversation: conversation ?? "", seq });
    let before = this.#list.lastElementChild;
    while (before && (before === element || this.#isAfter(before, element))) {
      before = before.previousElementSibling;
    }
    const stands = element.isConnected && element.previousElementSibling === before;
    if (!stands && before) before.after(element);
    else if (!stands) this.#list.prepend(element);
    this.group();
  }

  /** The highest number on screen, 0 for none. */
  last(conversation) {
    const places = [...this.#list.children].map(({ dataset }) => dataset);
    const own = places.filter((place) => place.conversation === conversation);
    return Math.max(0, ...own.map(({ seq }) => Math.floor(Number(seq))));
  }

  clear() {
    this.#list.replaceChildren();
  }

  /** Neighbours of one sender within two minutes share one time; once for many changes. */
  group() {
    if (this.#grouping) return;
    this.#grouping = true;
    queueMicrotask(() => {
      this.#grouping = false;
      this.#arranged(this.#list);
      for (const element of this.#list.querySelectorAll(".msg")) {
        element.classList.toggle("first", !together(element.previousElementSibling, element));
        element.classList.toggle("last", !together(element, element.nextElementSibling));
      }
    });
  }

  #isAfter(one, other) {
    const [rank, otherRank] = [this.#rank(one), this.#rank(other)];
    if (rank !== otherRank) return rank > otherRank;
    return Number(one.dataset.seq) > Number(other.dataset.seq);
  }

  #rank({ dataset }) {
    return dataset.conversation ? this.#ranks.indexOf(dataset.conversation) : Infinity;
  }
}

function together(one, other) {
  if (!one?.dataset.sender || one.dataset.sender !== other?.dataset.sender) return false;
  if (one.dataset.state !== other.dataset.state) return false; // a tick of its own wants to be seen
  return Math.abs(instant(other) - instant(one)) < TOGETHER;
}

function instant(element) {
  return Date.parse(element.querySelector("time").dateTime);
}
