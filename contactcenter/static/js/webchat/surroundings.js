import { dress } from "./accent.js";

/** What the person has before them: told by the page around the frame (without one the chat is
    simply open) and by how far they scrolled. */
export function hearHost(panel, { host, reading, news }) {
  host.addEventListener("open", ({ detail }) => {
    reading.open = true;
    if (detail.focus) panel.attend();
  });
  host.addEventListener("closed", () => (reading.open = false));
  news.addEventListener("moved", () => (reading.atEnd = news.atEnd));
  const accent = dress(host.accent, panel.dataset.accent);
  host.tell("ready", { accent });
  if (host.alone) panel.attend();
}
