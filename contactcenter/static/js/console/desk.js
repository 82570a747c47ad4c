/** Opening conversations (htmx): one at a time, with the browser's back and forward. */
import { csrf, toSignIn } from "../http.js";
import { showTimes } from "../times.js";
import { me, on, open, tell, thread } from "./screen.js";

const SWAP = {
  ...{ target: "#thread", select: "#thread", swap: "outerHTML", source: "#desk" },
  selectOOB: "#archive,#directory", // the lists beside it, where the address is one of theirs
};
const coarse = matchMedia("(pointer: coarse)");
const page = document.title.split(" · ");

/** Until it is open, or somebody opened something else meanwhile. */
export const openPath = (path) => window.htmx.ajax("GET", path, SWAP).catch(() => {});

function opened() {
  const name = thread().querySelector(".who h1")?.textContent;
  document.title = [name ?? thread().dataset.title ?? page[0], page.at(-1)].join(" · ");
  showTimes(thread());
  tell("opened", { conversation: open() });
}

/** The composer is where one goes on; on a phone the keyboard would cover what is to be read. */
function focus() {
  const box = thread().querySelector("[autofocus], message-composer textarea");
  const isToRead = coarse.matches && !box?.matches("[data-at-once]");
  (box && !isToRead ? box : thread()).focus({ preventScroll: true });
}

/** A redirect to the sign-in page must not be taken for a thread. */
function arrived(event) {
  const { xhr, pathInfo } = event.detail;
  const isElsewhere =
    xhr.responseURL && new URL(xhr.responseURL).pathname !== pathInfo.requestPath.split("?")[0];
  if (!isElsewhere) return;
  event.preventDefault();
  toSignIn();
}

/** The open conversation went back to the queue or to a colleague. */
function gone({ conversation }) {
  if (conversation !== thread().dataset.conversation) return; // left meanwhile
  const toasts = document.querySelector("toast-stack");
  toasts.show(thread().querySelector(".made-offer")?.dataset.taken ?? toasts.dataset.gone);
  goHome();
}

/** No conversation is open any more. */
export function goHome() {
  history.replaceState(history.state, "", me.home);
  openPath(me.home);
}

function refused({ detail }) {
  if (detail.xhr.status === 409) {
    document.getElementById("ending").close();
    document.querySelector("toast-stack").show(detail.xhr.responseText);
  }
}

export function start() {
  const { body } = document;
  body.addEventListener("htmx:configRequest", ({ detail }) => {
    detail.headers["X-CSRFToken"] = csrf();
  });
  body.addEventListener("htmx:historyCacheMiss", (event) => {
    event.preventDefault();
    openPath(event.detail.path);
  });
  body.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.target.id === "thread") tell("opening");
  });
  body.addEventListener("htmx:beforeSwap", arrived);
  body.addEventListener("htmx:responseError", refused);
  window.htmx.onLoad((element) => {
    if (element.id !== "thread") return;
    opened();
    focus();
  });
  on("gone", gone);
}
