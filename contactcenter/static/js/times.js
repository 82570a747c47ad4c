/**
 * The reader's own clock. The server writes UTC into <time datetime data-as>; here it becomes
 * local: clock (10:24), short (10:24, or the date), date, moment (Today, 10:24), since (2:14:09).
 * An element with data-since shows whole minutes from the third on: a customer waits.
 */

const language = document.documentElement.lang || undefined;
const format = (options) => new Intl.DateTimeFormat(language, options);
const clock = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = format({ day: "numeric", month: "short" });
const date = format({ day: "numeric", month: "short", year: "numeric" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const minutes = new Intl.NumberFormat(language, { style: "unit", unit: "minute" });
const LATE = 3; // minutes without an answer

const midnight = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate());
const daysAgo = (at) => Math.round((midnight(new Date()) - midnight(at)) / 86_400_000);
const capital = (text) => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);

/** "Today", "Yesterday", else the date. */
export function dayName(at) {
  const ago = daysAgo(at);
  if (ago === 0 || ago === 1) return capital(relative.format(-ago, "day"));
  return at.getFullYear() === new Date().getFullYear() ? day.format(at) : date.format(at);
}

export const dayKey = (at) => midnight(at).getTime();

const shown = {
  clock: (at) => clock.format(at),
  short: (at) => (daysAgo(at) === 0 ? clock.format(at) : day.format(at)),
  date: (at) => date.format(at),
  moment: (at) => `${dayName(at)}, ${clock.format(at)}`,
  since: (at) => span(Math.max(0, Date.now() - at) / 1000),
};

/** m:ss, from an hour on (or always) h:mm:ss. */
export function span(seconds, withHours = false) {
  const [h, m, s] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  const two = (n) => String(n).padStart(2, "0");
  return h || withHours ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function showTimes(root = document) {
  for (const time of root.querySelectorAll("time[data-as]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    time.textContent = shown[time.dataset.as](at);
    time.title = `${date.format(at)}, ${clock.format(at)}`;
  }
  showWaits(root);
}

function showWaits(root) {
  for (const tag of root.querySelectorAll("[data-since]")) {
    const waited = Math.floor((Date.now() - new Date(tag.dataset.since)) / 60_000);
    tag.hidden = !(waited >= LATE);
    tag.textContent = minutes.format(waited);
    tag.title = `${tag.dataset.title} ${tag.textContent}`;
  }
}

/** Keep running times and waits current. */
export function startClock() {
  setInterval(() => {
    for (const time of document.querySelectorAll("time[data-as=since]"))
      time.textContent = shown.since(new Date(time.dateTime));
    showWaits(document);
  }, 1000);
}
