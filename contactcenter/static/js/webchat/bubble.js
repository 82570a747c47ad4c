import { link } from "../links.js";
import { showFiles } from "./file-bubble.js";
import { fill, hour, initials } from "./wording.js";

/** A message's bubble from the page's own <template>; text stays text whatever it contains. */
export function bubble(template, message) {
  const article = template.content.firstElementChild.cloneNode(true);
  const mine = message.from === "contact";
  const { you, agent } = template.dataset;
  article.id = `message-${message.id}`;
  article.classList.add(mine ? "out" : "in");
  article.dataset.sender = mine ? "contact" : `${message.from}:${message.name}`;
  part(article, "who").textContent = mine ? you : message.name || agent;
  part(article, "text").textContent = message.text;
  part(article, "text").hidden = message.text === "" && message.files?.length > 0;
  link(part(article, "text"));
  showFiles(article, message.files ?? [], message.text);
  if (mine) article.setAttribute("aria-live", "off"); // its writer need not be told
  return article;
}

/** A line by nobody: what happened, in the customer's words where the page has some for it. */
export function systemLine(template, { id, event, text }) {
  const line = template.content.firstElementChild.cloneNode(true);
  line.id = `message-${id}`;
  line.textContent = template.dataset[event] ?? text;
  return line;
}

/** "Carla joined the chat". */
export function joined(template, name) {
  const line = template.content.firstElementChild.cloneNode(true);
  line.dataset.name = name;
  part(line, "initials").textContent = initials(name);
  part(line, "text").textContent = fill(template.dataset.text, { name });
  return line;
}

/** `state`: sending, failed, sent, read; "" for those who do not need to know. */
export function mark(article, { at, state, reason }) {
  if (state !== undefined) article.dataset.state = state;
  if (reason !== undefined && part(article, "reason")) part(article, "reason").textContent = reason;
  const time = part(article, "time");
  if (at) article.dataset.at = at;
  if (!time || !at) return;
  time.dateTime = at;
  time.textContent = hour(at);
}

export function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}
