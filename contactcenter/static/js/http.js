/** Posts and gets of the console. A redirect means: the Django session has ended. */

const PATIENCE = 15_000; // ms: a request that takes longer counts as lost
const RELOADED = "reloaded-at";

export class SignedOut extends Error {}

/** The token from the cookie: a sign-in in another tab changes it; the page's own is older. */
export function csrf() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie?.[1] ?? document.querySelector("meta[name=csrf-token]")?.content ?? "";
}

export const get = (url) => request(url, { headers: {} });

/** `fields`: an object, or pairs where a name comes more than once. */
export const post = (url, fields = {}) =>
  request(url, {
    method: "POST",
    headers: { "X-CSRFToken": csrf() },
    body: new URLSearchParams(fields),
    keepalive: true, // a post under way outlives a closed tab
  });

/** Rejects with SignedOut, or with the browser's error where there was no answer. */
async function request(url, options) {
  const signal = AbortSignal.timeout(PATIENCE);
  options.headers["X-Requested-With"] = "fetch";
  const response = await fetch(url, { credentials: "same-origin", signal, ...options });
  if (response.redirected || response.status === 401) throw new SignedOut(url);
  return response;
}

/** Load the page anew, so that the server can ask who this is; false: not again, it did not help. */
export function toSignIn() {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - last < 10_000) return false;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
  return true;
}
