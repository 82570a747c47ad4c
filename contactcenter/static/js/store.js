/** What a reload must not lose. Memory, where the browser refuses to keep anything (or more). */

const memory = new Map();
const storage = available();

export const load = (key) => memory.get(key) ?? storage?.getItem(key) ?? null;

export function save(key, value) {
  try {
    storage.setItem(key, value);
    memory.delete(key);
  } catch {
    memory.set(key, value);
  }
}

export function drop(key) {
  storage?.removeItem(key);
  memory.delete(key);
}

/** All keys that begin so. */
export const keys = (prefix) =>
  [...memory.keys(), ...Object.keys(storage ?? {})].filter((key) => key.startsWith(prefix));

function available() {
  try {
    localStorage.setItem("probe", "");
    localStorage.removeItem("probe");
    return localStorage;
  } catch {
    return null;
  }
}
