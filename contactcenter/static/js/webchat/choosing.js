/** Files come from the picker, by paste, or dropped anywhere on the chat. */
import { part } from "./bubble.js";

const OVER = 400; // ms: a browser says "over" more often than that

export function hearFiles(panel, { tray, files }) {
  const composer = panel.querySelector("chat-composer");
  const [clip, input] = [part(composer, "clip"), composer.querySelector("input[type=file]")];
  const take = (chosen) => {
    if (chosen.length && !panel.matches("[data-form]") && !clip.hidden) tray.add([...chosen]);
    composer.focus();
  };
  tray.files = files;
  tray.addEventListener("rules", ({ detail: rules }) => {
    const accepted = Object.values(rules).flatMap(({ accept = [] }) => accept);
    clip.hidden = accepted.length === 0;
    input.accept = accepted.join(",");
    composer.querySelector("voice-note").inert = !("audio" in rules);
  });
  tray.addEventListener("left", () => composer.focus());
  clip.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    take(input.files);
    input.value = ""; // the same one again is a choice again
  });
  panel.addEventListener("recorded", ({ detail }) => take([detail]));
  panel.addEventListener("paste", (event) => {
    const { clipboardData: data } = event;
    if (!data?.files.length || data.types.includes("text/plain")) return;
    event.preventDefault();
    take(data.files);
  });
  hearDrops(panel, take);
}

function hearDrops(panel, take) {
  let timer;
  const left = () => panel.removeAttribute("data-over");
  const over = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // the browser would leave the chat for the file
    panel.toggleAttribute("data-over", true);
    clearTimeout(timer);
    timer = setTimeout(left, OVER);
  };
  document.addEventListener("dragover", over);
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    left();
    take(event.dataTransfer.files);
  });
}
