/** "Show 20 earlier": the page before the oldest line, also from earlier conversations. */
import { get, SignedOut, toSignIn } from "../http.js";
import { apply } from "./fragments.js";

const SOON = 300; // ms: what comes sooner needs no word

function say(line, kind) {
  for (const part of line.querySelectorAll("[data-text]"))
    part.textContent = part.matches(kind) ? part.dataset.text : "";
}

async function show(event) {
  const link = event.target.closest("[data-older]");
  if (!link) return;
  event.preventDefault();
  const line = link.closest(".older");
  if (line.ariaBusy === "true") return;
  line.ariaBusy = "true";
  const timer = setTimeout(say, SOON, line, ".wait");
  try {
    await load(link.href, link.closest("message-log"));
  } catch (problem) {
    if (problem instanceof SignedOut) return toSignIn();
    say(line, ".err"); // the link is still there
  } finally {
    clearTimeout(timer);
    line.ariaBusy = "false";
  }
}

async function load(url, log) {
  const answer = await get(url);
  if (!answer.ok) throw new Error(answer.status);
  const hadFocus = log.contains(document.activeElement);
  apply(await answer.text(), { home: log });
  if (hadFocus && !log.contains(document.activeElement)) log.focus({ preventScroll: true });
}

export const start = () => document.addEventListener("click", show);
