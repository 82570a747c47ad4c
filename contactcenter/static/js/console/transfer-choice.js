/** What is chosen in the transfer dialog: agents or campaigns, of one campaign only, and whom. */

/** Show what this tab (or the other one) controls; what is not shown is not chosen. */
export function turn(dialog, tab, { isOther = false } = {}) {
  const tabs = [...dialog.querySelectorAll("[role=tab]")];
  const chosen = tabs.find((each) => (each === tab) !== isOther);
  for (const each of tabs) {
    const isIt = each === chosen;
    each.ariaSelected = isIt;
    each.tabIndex = isIt ? 0 : -1;
    const list = dialog.querySelector(`#${each.getAttribute("aria-controls")}`);
    list.hidden = !isIt;
    if (!isIt) for (const radio of list.querySelectorAll(":checked")) radio.checked = false;
  }
  dialog.querySelector("[data-search]").hidden = chosen.id !== "to-agents";
  return chosen;
}

/** A pressed chip filters, pressed again it does not. */
export function press(dialog, chip) {
  const isOn = chip.ariaPressed !== "true";
  for (const each of dialog.querySelectorAll(".chip")) each.ariaPressed = each === chip && isOn;
}

/** The button and the note name whoever is chosen. */
export function nameChosen(dialog) {
  const chosen = dialog.querySelector(".taker input:checked:not(:disabled)");
  const name = chosen?.closest(".taker").dataset.first;
  for (const part of dialog.querySelectorAll("[data-to], [data-for]")) {
    part.dataset.plain ??= part.textContent;
    const named = (part.dataset.to ?? part.dataset.for).replace("{name}", name);
    part.textContent = name ? named : part.dataset.plain;
  }
}
