/** Where one is, in the toolbar: it stays while the thread's place shows something else. */
import { on, thread } from "./screen.js";

function mark() {
  const here = thread().dataset.pane ?? "conversations";
  for (const link of document.querySelectorAll(".rail [data-pane]"))
    if (link.dataset.pane === here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
}

export const start = () => on("opened", mark);
