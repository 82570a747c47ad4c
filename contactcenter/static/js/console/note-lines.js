/** Notes in the thread and beside it: which are mine, which are gone, removing one. */
import { link } from "../links.js";
import { post, SignedOut, toSignIn } from "../http.js";
import { remove as takeAway } from "./focus-keeper.js";
import { apply } from "./fragments.js";
import { me, on, thread } from "./screen.js";

const NOTES = "[data-note]:is(.note, .noted)";

function dress(root) {
  const found = root.matches?.(NOTES) ? [root] : root.querySelectorAll(NOTES);
  for (const note of found) {
    note.classList.toggle("mine", note.dataset.by === me.agent);
    link(note.querySelector(".text"));
  }
}

/** A refresh says which there are: whatever else stands here was removed meanwhile. */
function prune(known) {
  const names = new Set(known.dataset.notes.split(" "));
  for (const note of thread().querySelectorAll(NOTES)) {
    const name = note.id.replace(/^note[d]?-/, "");
    if (!names.has(name) && !note.matches(".pending, .failed")) takeAway(note);
  }
}

async function remove(event) {
  if (!event.target.matches("[data-unnote]")) return;
  event.preventDefault();
  const { id } = event.target.closest(NOTES);
  const toasts = document.querySelector("toast-stack");
  try {
    const name = id.replace(/^note[d]?-/, "");
    const answer = await post(`${thread().dataset.url}notes/${name}/removal/`);
    if (!answer.ok && answer.status !== 404) throw new Error(answer.status);
    apply(answer.ok ? await answer.text() : "");
    toasts.show(toasts.dataset.removed);
    thread().focus({ preventScroll: true }); // the button is gone
  } catch (problem) {
    if (problem instanceof SignedOut) return toSignIn();
    toasts.show(toasts.dataset.failed);
  }
}

function add({ target }) {
  if (!target.closest("[data-add-note]")) return;
  if (getComputedStyle(document.getElementById("contact")).position === "absolute")
    thread().dataset.contact = ""; // a sheet that covers the box
  thread().querySelector("composer-modes").choose("note", { isOnContact: true });
}

export function start() {
  on("applied", ({ added, replaced }) => {
    [...added, ...replaced].forEach(dress);
    replaced.filter(({ dataset }) => "notes" in dataset).forEach(prune);
  });
  on("opened", () => dress(thread()));
  document.addEventListener("submit", remove);
  document.addEventListener("click", add);
  dress(thread());
}
