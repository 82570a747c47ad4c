/** A file on its way up: with progress, and once more by itself after a lost line. */

const FIRST = 1_000; // ms before the second try
const LAST = 8_000;
const STALLED = 20_000; // ms without a byte: the line is dead, whatever it says
const STORED = 1_000; // bytes a ms, at the slowest, before all that went up is answered
const BROKEN = 5; // times a server may fail over the same file
const LATER = new Set([0, 408, 425, 429, 500, 502, 503, 504]); // 0: no answer at all

export class Unreadable extends Error {}

/**
 * What the server answered, as `{ status, type, text, address }`, after as many tries as it takes.
 * `way`: `{ url, fields, headers(), sentence(answer) }`; `heard`: `going(percent)` and
 * `lost(sentence)`, the server's where it said why. Rejects with Unreadable for what is no file (any
 * more), and when `signal` aborts.
 */
export async function carry(file, way, heard, signal) {
  let broken = 0;
  heard.going(0); // later tries say so once something goes: until then, the line is lost
  for (let pause = FIRST; ; pause = Math.min(LAST, pause * 2)) {
    await readable(file);
    const answer = await attempt(file, way, heard, signal);
    signal.throwIfAborted();
    if (!LATER.has(answer.status)) return answer;
    if (answer.status === 500 && ++broken === BROKEN) return answer;
    heard.lost(way.sentence(answer));
    await rest(pause, signal);
  }
}

/** A folder is none; one may also be gone, or changed, since it was chosen. */
async function readable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new Unreadable(file.name);
  }
}

function attempt(file, { url, fields, headers }, heard, signal) {
  const request = new XMLHttpRequest(); // fetch does not say how much of a body has gone
  return new Promise((done) => {
    let watch;
    const stop = () => request.abort();
    const expect = (more = 0) => {
      clearTimeout(watch);
      watch = setTimeout(stop, STALLED + more);
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      expect();
      heard.going(Math.floor((100 * loaded) / total));
    });
    request.upload.addEventListener("load", () => expect(file.size / STORED));
    request.addEventListener("loadend", () => {
      clearTimeout(watch);
      signal.removeEventListener("abort", stop);
      const { status, responseText: text, responseURL: address } = request;
      done({ status, type: request.getResponseHeader("Content-Type") ?? "", text, address });
    });
    signal.addEventListener("abort", stop);
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    expect();
    request.send(form(fields, file));
  });
}

function form(fields, file) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("file", file, file.name);
  return body;
}

/** Until it may be worth another try: after a while, or at once when the network is back. */
function rest(time, signal) {
  const over = new AbortController();
  return new Promise((done) => {
    const timer = setTimeout(done, time);
    for (const [place, event] of [[window, "online"], [signal, "abort"]])
      place.addEventListener(event, done, { signal: over.signal });
    over.signal.addEventListener("abort", () => clearTimeout(timer));
  }).finally(() => over.abort());
}
