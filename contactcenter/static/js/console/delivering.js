/** One try to have an entry stored: "sent", "later", "lost" or "refused", and what was answered. */
import { post, SignedOut, toSignIn } from "../http.js";

const LATER = new Set([408, 425, 429]);

export async function deliver({ id, text, more, uploads = [], url }) {
  const files = uploads.map((upload) => ["upload", upload]);
  try {
    const answer = await post(url, [...Object.entries({ ...more, id, text }), ...files]);
    const body = await answer.text();
    if (answer.ok) return { outcome: "sent", body };
    if (answer.status >= 500 || LATER.has(answer.status)) return { outcome: "later" };
    const isSentence = answer.headers.get("Content-Type")?.startsWith("text/plain");
    return { outcome: "refused", body: isSentence ? body : true };
  } catch (problem) {
    if (problem instanceof SignedOut) toSignIn();
    return { outcome: "lost" };
  }
}
