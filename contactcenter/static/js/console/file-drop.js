/** Files dropped onto the open conversation, or pasted into it, are sent as if they were chosen. */
import { isMine, thread } from "./screen.js";

const OVER = 400; // ms: a browser says "over" more often than that

const dialog = () => document.querySelector("file-dialog");
const isOpen = () => Boolean(dialog().querySelector("dialog[open]"));
const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");

/** A browser may say that it is over the words in an element. */
const element = ({ target }) =>
  target instanceof Element ? target : (target.parentElement ?? document.body);

let timer;

function over(event) {
  if (!hasFiles(event)) return;
  event.preventDefault(); // the browser would leave the console for the file
  const isHere = takes(element(event));
  event.dataTransfer.dropEffect = isHere ? "copy" : "none";
  thread().toggleAttribute("data-over", isHere && !isOpen());
  clearTimeout(timer);
  timer = setTimeout(left, OVER);
}

function left() {
  clearTimeout(timer);
  thread().removeAttribute("data-over");
}

function dropped(event) {
  if (!hasFiles(event)) return;
  event.preventDefault();
  left();
  if (takes(element(event))) take(event.dataTransfer);
}

/** Words that were copied with a picture of them are pasted as words. */
function pasted(event) {
  const { clipboardData: data } = event;
  if (!data?.files.length || data.types.includes("text/plain") || !takes(element(event))) return;
  event.preventDefault();
  take(data);
}

function takes(target) {
  if (isOpen()) return Boolean(target.closest("file-dialog"));
  const isElsewhere = document.querySelector("dialog[open]") || target.closest("note-composer, #contact");
  return !isElsewhere && isMine() && (target === document.body || thread().contains(target));
}

const take = ({ files }) => files.length && dialog().open([...files]);

export function start() {
  document.addEventListener("dragover", over);
  document.addEventListener("drop", dropped);
  document.addEventListener("paste", pasted);
}
