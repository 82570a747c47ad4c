/** The agent's theme and language: changed elsewhere, they change here too. */
import { on } from "./screen.js";

export function start() {
  const page = document.documentElement;
  on("applied", ({ replaced }) => {
    const look = replaced.find(({ id }) => id === "look");
    if (!look) return;
    page.dataset.theme = look.dataset.theme;
    if (look.dataset.language !== page.lang) location.reload(); // drafts are kept
  });
}
