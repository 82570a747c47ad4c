/** Files dropped onto the open conversation, or pasted into it, are sent as if they were chosen. */
import { isMine, thread } from "./screen.js";

const OVER = 400; // ms: a browser says "over" more often than that

const dialog = () => document.querySelector("file-dialog");
const isOpen = () => Boolean(dialog().querySelector("dialog[open]"));
const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
let timer;

function over(event) {
  if (!hasFiles(event)) return;
  event.preventDefault(); // the browser would leave the console for the file
  const isHere = takes(event.target);
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
  if (takes(event.target)) take(event.dataTransfer);
}

/** Words that were copied with a picture of them are pasted as words. */
function pasted(event) {
  const { clipboardData: data, target } = event;
  if (!data?.files.length || data.types.includes("text/plain") || !takes(target)) return;
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
