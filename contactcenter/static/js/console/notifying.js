/** May this browser show notifications, and does the agent want them? Off until they say so. */
import { load } from "../store.js";
import { me } from "./screen.js";

export const KEY = `notify:${me.agent}`;
const TEXT = `notify-text:${me.agent}`;

/** What stands in the way: "insecure", "missing", "denied", or "" where the agent may choose. */
export function obstacle() {
  if (!window.isSecureContext) return "insecure";
  if (!window.Notification) return "missing";
  return Notification.permission === "denied" ? "denied" : "";
}

export const isOn = () =>
  load(KEY) === "on" && !obstacle() && Notification.permission === "granted";

/** The customer's words are shown on a screen that others see only where that is wanted. */
export const isTextShown = () => load(TEXT) === "on";
