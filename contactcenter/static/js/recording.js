/** What a microphone hears, as a file. */

const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"]; // the last: Safari
const ENDINGS = { "audio/ogg": "ogg", "audio/webm": "webm", "audio/mp4": "m4a" };
const SOUND = { channelCount: 1, echoCancellation: true, noiseSuppression: true };
const RATE = 32_000; // bits a second: speech

/** How this browser records; undefined where it cannot (no recorder, or a page without https). */
export const typeHere = () =>
  navigator.mediaDevices && window.MediaRecorder && TYPES.find((t) => MediaRecorder.isTypeSupported(t));

const recorded = new WeakSet();

/** Said into the microphone just now, not chosen. */
export const isVoice = (file) => recorded.has(file);

function free(stream) {
  for (const track of stream.getTracks()) track.stop();
}

export class Recording {
  #recorder;
  #pieces = [];
  #type = typeHere();

  /** Asks for the microphone. Rejects with NotAllowedError, NotFoundError and the like. */
  async begin() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: SOUND });
    const options = { mimeType: this.#type, audioBitsPerSecond: RATE };
    try {
      this.#recorder = new MediaRecorder(stream, options);
      this.#recorder.addEventListener("dataavailable", ({ data }) => this.#pieces.push(data));
      this.#recorder.start(1_000);
    } catch (problem) {
      free(stream);
      throw problem;
    }
  }

  /** The file of that name, or null when nothing was heard. The microphone is free then. */
  async end(name) {
    const over = new Promise((done) => this.#recorder.addEventListener("stop", done, { once: true }));
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
    else this.#recorder.dispatchEvent(new Event("stop")); // the microphone was taken away
    await over;
    free(this.#recorder.stream);
    const [type] = this.#type.split(";");
    const file = new File(this.#pieces, `${name}.${ENDINGS[type]}`, { type });
    recorded.add(file);
    return file.size ? file : null;
  }
}
