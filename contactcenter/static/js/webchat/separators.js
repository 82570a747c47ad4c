import { dayKey, dayName } from "../times.js";

/**
 * Lines of nobody's between messages: the day, where it is not today from the start on, and where
 * a new conversation begins under an older one. Set anew after every change of the list; a line
 * that is still right is not touched.
 */
export function separate(list, template) {
  let before = { day: dayKey(new Date()), conversation: "" };
  for (const element of [...list.children].filter(({ dataset }) => dataset.at)) {
    const { at } = element.dataset;
    const conversation = element.dataset.conversation || before.conversation; // "" = not sent yet
    const now = { day: dayKey(new Date(at)), conversation };
    const isNew = before.conversation !== "" && conversation !== before.conversation;
    const words = [];
    if (isNew) words.push(template.dataset.anew);
    if (now.day !== before.day) words.push(dayName(new Date(at)));
    write(element, template, words.join(" · "));
    before = now;
  }
  const orphans = list.querySelectorAll(".day:has(+ .day), .day:last-child");
  orphans.forEach((line) => line.remove());
}

function write(element, template, words) {
  const above = element.previousElementSibling;
  const there = above?.matches(".day") ? above : null;
  if (words === "") return there?.remove();
  const line = there ?? template.content.firstElementChild.cloneNode(true);
  const { conversation, seq } = element.dataset;
  Object.assign(line.dataset, { conversation, seq: seq - 0.25 });
  if (line.textContent !== words) line.textContent = words;
  if (!there) element.before(line);
}
