import { part } from "./bubble.js";
import { sparingly } from "./typing.js";

/** What the person does in the panel, as calls to the chat: buttons name their `data-action`. */
export function hearPerson(panel, { chat, host, composer, notices }) {
  const dialog = part(panel, "end-dialog");
  const actions = {
    end: () => ask(dialog),
    close: () => host.tell("close"),
    here: () => chat.line.open(),
    again: (button) => chat.again(button.closest(".msg").id.replace("message-", "")),
    new: () => {
      chat.begin();
      composer.focus();
    },
  };
  panel.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-action]");
    if (button) actions[button.dataset.action](button);
  });
  panel.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !dialog.open) host.tell("close");
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "end") chat.end();
    composer.focus();
  });
  composer.addEventListener("typing", sparingly(() => chat.typing()));
  composer.addEventListener("write", ({ detail }) => {
    notices.complain("");
    chat.write(detail);
  });
}

function ask(dialog) {
  dialog.returnValue = ""; // it would still hold the last answer
  dialog.showModal();
}
