/** Addresses in what people wrote can be followed. */
import { link } from "../links.js";
import { on, thread } from "./screen.js";

function linkAll(root) {
  for (const bubble of root.querySelectorAll(".bub")) link(bubble);
}

export function start() {
  on("applied", ({ added, replaced }) => [...added, ...replaced].forEach(linkAll));
  on("opened", () => linkAll(thread()));
  linkAll(thread());
}
