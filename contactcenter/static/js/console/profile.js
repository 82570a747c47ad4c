/** The profile page: the console's own switches, and the sound to be heard once. */
import "../password-field.js";
import "./kept-switch.js";
import "./notify-switch.js";
import { arm, isPossible, play } from "./chime.js";

const listen = document.querySelector("[data-listen]");
listen.hidden = !isPossible;
listen.addEventListener("click", async () => {
  await arm();
  play();
});
