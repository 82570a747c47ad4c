/** A verdict may come before its line is on the screen, or not at all: whoever waits asks. */
import { get } from "../http.js";
import { apply } from "./fragments.js";

const EVERY = 5_000; // ms
const CHECKING = 'data-state="checking"';

async function ask() {
  for (const line of document.querySelectorAll(`#files .upload[${CHECKING}]`)) {
    const { uploads } = line.closest("form").dataset;
    const answer = await get(`${uploads}${line.dataset.upload}/`).catch(() => null);
    const html = answer?.ok ? await answer.text() : CHECKING;
    if (!html.includes(CHECKING)) apply(html); // the same again would be read aloud again
  }
}

export const start = () => setInterval(ask, EVERY);
