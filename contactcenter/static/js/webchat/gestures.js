import { part } from "./bubble.js";
import { sparingly } from "./typing.js";

/** What the person does in the panel, as calls to the chat: buttons name their `data-action`. */
export function hearPerson(panel, { chat, host }) {
  const [form, composer, notices] = ["chat-form", "chat-composer", "chat-notices"].map((name) =>
    panel.querySelector(name),
  );
  const dialogs = { end: part(panel, "end-dialog"), leave: part(panel, "leave-dialog") };
  const actions = {
    end: () => ask(chat.facts.state === "queued" ? dialogs.leave : dialogs.end),
    close: () => host.tell("close"),
    here: () => chat.line.open(),
    again: (button) => chat.again(button.closest(".msg").id.replace("message-", "")),
    new: () => {
      chat.begin();
      panel.attend();
    },
  };
  panel.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-action]");
    if (button) actions[button.dataset.action](button);
  });
  panel.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !panel.querySelector("dialog[open]")) host.tell("close");
  });
  for (const dialog of Object.values(dialogs)) {
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "end") chat.leaving.ask();
      composer.focus();
    });
  }
  form.addEventListener("answer", ({ detail }) => chat.answer(detail));
  form.addEventListener("done", () => composer.focus());
  const typing = sparingly(() => chat.typing());
  composer.addEventListener("typing", typing);
  composer.addEventListener("write", ({ detail }) => {
    typing.forget(); // what was written is sent
    notices.complain("");
    chat.write(detail);
  });
}

function ask(dialog) {
  dialog.returnValue = ""; // it would still hold the last answer
  dialog.showModal();
}
