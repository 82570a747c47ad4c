/** The contact's details: a column where there is room, a sheet where there is not. */
import { load, save } from "../store.js";
import { me, on, thread } from "./screen.js";

const KEY = `contact:${me.agent}`;
const languages = new Intl.DisplayNames(document.documentElement.lang, { type: "language" });
const wide = matchMedia("(min-width: 1181px)");

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

function opened() {
  for (const item of document.querySelectorAll("#contact [data-language]"))
    item.textContent = languages.of(item.dataset.language);
  if (wide.matches && load(KEY) === "closed") thread().dataset.contact = "closed";
  mark();
}

export function start() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-contact-toggle]")) toggle();
  });
  on("opened", opened);
  wide.addEventListener("change", mark);
  opened();
}
