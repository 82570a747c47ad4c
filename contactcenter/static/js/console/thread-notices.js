/** What stands in the thread's place: while it is on its way, and when it did not come. */
import { copy, on, thread } from "./screen.js";

const SOON = 300; // ms: what comes sooner needs no word
let timer = 0;

/** The old thread is covered when the new one takes its time. */
function cover() {
  if (!thread().querySelector(".loading")) thread().append(copy("thread-loading"));
}

function failed({ detail }) {
  if (detail.target?.id !== "thread") return;
  clearTimeout(timer);
  thread().querySelector(".loading")?.remove();
  if (detail.requestConfig?.verb !== "get") return; // a form, with what was typed in it
  const notice = copy(detail.xhr?.status === 404 ? "thread-missing" : "thread-failed");
  const link = notice.querySelector("[data-again]");
  if (link) {
    link.href = detail.pathInfo?.requestPath ?? location.pathname;
    link.setAttribute("hx-get", link.getAttribute("href"));
  }
  if (thread().dataset.place) notice.dataset.place = thread().dataset.place;
  thread().replaceWith(notice);
  window.htmx.process(notice);
  notice.focus({ preventScroll: true });
}

export function start() {
  on("opening", () => {
    clearTimeout(timer);
    timer = setTimeout(cover, SOON);
  });
  on("opened", () => clearTimeout(timer));
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"])
    document.body.addEventListener(name, failed);
}
