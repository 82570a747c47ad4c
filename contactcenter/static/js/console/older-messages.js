/** "Show 20 earlier": the page before the oldest line, also from earlier conversations. */
import { get, SignedOut, toSignIn } from "../http.js";
import { apply } from "./fragments.js";

async function show(event) {
  const link = event.target.closest("[data-older]");
  if (!link) return;
  event.preventDefault();
  const log = link.closest("message-log");
  try {
    const answer = await get(link.href);
    if (answer.ok) apply(await answer.text(), { home: log });
  } catch (problem) {
    if (problem instanceof SignedOut) toSignIn(); // else: the link is still there
  }
}

export const start = () => document.addEventListener("click", show);
