/** The contact's details: a column where there is room, a sheet where there is not. */
import { load, save } from "../store.js";
import { openPath } from "./desk.js";
import { log, me, on, thread } from "./screen.js";

const KEY = `contact:${me.agent}`;
const languages = new Intl.DisplayNames(document.documentElement.lang, { type: "language" });
const wide = matchMedia("(min-width: 1181px)");
const person = () => document.querySelector("#contact .person");
let history = ""; // whose messages the thread holds: two contacts may become one

function toggle() {
  const panel = document.getElementById("contact");
  const isShown = panel.checkVisibility();
  thread().dataset.contact = isShown ? "closed" : "open";
  if (wide.matches) save(KEY, thread().dataset.contact);
  if (isShown) thread().querySelector(".details").focus();
  else if (!wide.matches) panel.focus();
  mark();
}

function mark() {
  const button = thread().querySelector(".details");
  const isShown = document.getElementById("contact")?.checkVisibility();
  button?.setAttribute("aria-expanded", String(Boolean(isShown)));
}

function nameLanguages() {
  for (const item of document.querySelectorAll("#contact [data-language]"))
    item.textContent = languages.of(item.dataset.language);
}

function opened() {
  nameLanguages();
  history = person()?.dataset.history ?? "";
  if (wide.matches && load(KEY) === "closed") thread().dataset.contact = "closed";
  mark();
}

/** The person is known otherwise now, or is one with somebody whose messages are not here yet. */
function changed() {
  nameLanguages();
  const now = person()?.dataset.history ?? "";
  if (now === history) return rename();
  history = now;
  reopen();
}

/** The thread as the server has it now. */
export const reopen = () => openPath(thread().dataset.url ?? location.pathname + location.search);

function rename() {
  const who = thread().querySelector(".who");
  const box = thread().querySelector("message-composer textarea");
  const talk = log(); // none in what is read only
  if (!talk || !who || talk.ariaLabel === who.querySelector("h1").textContent) return;
  talk.ariaLabel = who.querySelector("h1").textContent;
  talk.querySelector(".typing").lastChild.data = who.dataset.typing;
  if (!box) return;
  box.placeholder = who.dataset.write;
  box.labels[0].textContent = who.dataset.write;
}

export function start() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-contact-toggle]")) toggle();
  });
  on("opened", opened);
  on("applied", changed);
  wide.addEventListener("change", mark);
  opened();
}
