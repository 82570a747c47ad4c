/**
 * Small texts of one inbox in localStorage. Where the browser forbids that (private windows,
 * blocked storage in frames, a full disk) they live as long as the page.
 */
export class Memory {
  #prefix;
  #here = new Map();

  constructor(key) {
    this.#prefix = `webchat:${key}:`;
  }

  get(name) {
    try {
      return localStorage.getItem(this.#prefix + name) ?? this.#here.get(name) ?? null;
    } catch {
      return this.#here.get(name) ?? null;
    }
  }

  set(name, value) {
    try {
      localStorage.setItem(this.#prefix + name, value);
      this.#here.delete(name);
    } catch {
      this.#here.set(name, value);
    }
  }

  remove(name) {
    this.#here.delete(name);
    try {
      localStorage.removeItem(this.#prefix + name);
    } catch {
      // nothing was kept there
    }
  }

  /** Calls `action` when another tab of this browser keeps something else under the name. */
  hear(name, action) {
    window.addEventListener("storage", ({ key, newValue }) => {
      if (key === this.#prefix + name && newValue !== null) action(newValue);
    });
  }

  /** Names kept that begin with `start`. */
  names(start) {
    const names = [...this.#here.keys()];
    try {
      names.push(...Object.keys(localStorage).filter((name) => name.startsWith(this.#prefix))
        .map((name) => name.slice(this.#prefix.length)));
    } catch {
      // only what lives in the page
    }
    return names.filter((name) => name.startsWith(start));
  }
}
