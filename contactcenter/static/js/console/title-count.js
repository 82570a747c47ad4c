/** "(2) Conversations": how many rows are new or unread, seen from another tab too. */
import { on } from "./screen.js";

const WAITING =
  ':is(#items, #offers) > li:is([data-new="1"], :not([data-unread="0"])), #unread-posts:not([data-unread="0"])';

export function start() {
  let title = document.title; // without the number
  let shown = title;

  function show() {
    if (document.title !== shown) title = document.title; // somebody else gave a new one
    const count = document.querySelectorAll(WAITING).length;
    shown = count ? `(${count}) ${title}` : title;
    if (document.title !== shown) document.title = shown;
  }

  new MutationObserver(show).observe(document.querySelector("title"), { childList: true });
  on("applied", show);
  show();
}
