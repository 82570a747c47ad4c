/** The toolbar shows which place of the console is open: the thread says it. */
import { on, thread } from "./screen.js";

function mark() {
  const here = thread().dataset.place ?? "";
  for (const link of document.querySelectorAll(".rail [data-place]")) {
    if (link.dataset.place === here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

export const start = () => on("opened", mark);
