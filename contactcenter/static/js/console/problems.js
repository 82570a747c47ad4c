/**
 * What was asked of the server in vain is said where it was asked; what was typed stays. The thread
 * and the list in History say it themselves, who was too late (409) is told by a toast.
 */
import { copy } from "./screen.js";

const PROBLEMS = ["htmx:sendError", "htmx:responseError", "htmx:timeout"];
const NOTICE = "p.err[data-failed]"; // the copy of did-not-work

function failed({ detail: { elt, target, xhr, requestConfig } }) {
  const isToRead = requestConfig?.verb === "get";
  if (xhr?.status === 409 || elt.closest("archive-pane") || (isToRead && target?.id === "thread")) return;
  const dialog = elt.closest("dialog")?.querySelector(".body");
  const form = isToRead ? null : elt.closest("form");
  const notice = copy("did-not-work");
  if (xhr?.status === 404) notice.querySelector("[data-text]").textContent = notice.dataset.missing;
  if (dialog) dialog.prepend(notice);
  else if (form) form.append(notice); // below its buttons: none moves away from under the pointer
  else document.querySelector("toast-stack").show(notice.textContent);
}

const forget = () => document.querySelector(NOTICE)?.remove();

export function start() {
  document.body.addEventListener("htmx:beforeRequest", forget);
  for (const name of PROBLEMS) document.body.addEventListener(name, failed);
}
