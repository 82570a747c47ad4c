/**
 * Who can take a conversation, in the open dialog: searched, filtered by campaign, and kept true.
 * Asked again every few seconds; while somebody points at the list or moves in it, rows change
 * where they are and none moves.
 */
import { get } from "../http.js";
import { fold } from "./screen.js";

const EVERY = 3_000; // ms
const finePointer = matchMedia("(hover: hover)");
const options = (list) => [...list.querySelectorAll(".taker")];

/** Hide whoever does not match the search or the pressed campaign. */
export function filter(dialog) {
  const list = dialog.querySelector("#takers");
  const wanted = fold(dialog.querySelector("[data-search] input").value);
  const campaign = dialog.querySelector(".chip[aria-pressed=true]")?.dataset.campaign;
  for (const option of options(list)) {
    const isOf = !campaign || option.dataset.campaigns.includes(` ${campaign} `);
    option.hidden = !isOf || !fold(option.dataset.name).includes(wanted);
  }
  const some = (selector) => list.querySelector(`${selector}:not([hidden])`);
  const isEmpty = !list.querySelector(".taker:not([aria-disabled])");
  const isFiltered = Boolean(wanted || campaign);
  if (!isBusy(list)) list.querySelector("[data-nobody]").hidden = !isEmpty;
  list.querySelector("[data-group=ready]").hidden = isFiltered && !some(".taker:not([aria-disabled])");
  list.querySelector("[data-group=others]").hidden = !some(".taker[aria-disabled]");
  list.querySelector("[data-none]").hidden = isEmpty || Boolean(some(".taker"));
}

/** Ask now and again until `stop` is called; `renewed` hears when something was shown. */
export function follow(dialog, address, renewed) {
  let isAsking = false;
  let isOver = false;
  const timer = setInterval(async () => {
    if (isAsking || document.hidden) return;
    isAsking = true;
    try {
      const answer = await get(address);
      const html = await answer.text();
      if (answer.ok && !isOver) show(dialog, html);
      if (answer.ok && !isOver) renewed();
    } catch {
      // the next one asks again; what is chosen is checked by the server anyway
    }
    isAsking = false;
  }, EVERY);
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}

function show(dialog, html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  for (const fresh of box.content.querySelectorAll("#takers, #queues")) {
    const list = dialog.querySelector(`#${fresh.id}`);
    const chosen = list.querySelector(":checked");
    if (chosen) fresh.querySelector(`[value="${chosen.value}"]`)?.setAttribute("checked", "");
    if (isBusy(list)) changeInPlace(list, fresh);
    else list.replaceChildren(...fresh.children);
  }
}

const isBusy = (list) =>
  (finePointer.matches && list.matches(":hover")) || list.contains(document.activeElement);

/** The same rows with what they say now; who is new or gone waits until nobody points there. */
function changeInPlace(list, fresh) {
  for (const option of options(list)) {
    const now = fresh.querySelector(`#${option.id}`);
    if (!now) continue;
    const [radio, its] = [option, now].map((row) => row.querySelector("input"));
    radio.disabled = its.disabled;
    option.toggleAttribute("aria-disabled", its.disabled);
    if (its.disabled) option.setAttribute("aria-disabled", "true");
    for (const part of [".av", ".grow", ".load"])
      if (now.querySelector(part)) option.querySelector(part).replaceWith(now.querySelector(part));
  }
}
