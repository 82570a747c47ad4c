/** "{name} joined" with its values; the sentences come translated from the page. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** First letters of the first two words, whole characters even beyond the basic plane. */
export function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean).slice(0, 2);
  return words.map((word) => [...word][0].toLocaleUpperCase()).join("");
}

const HOUR = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** 10:42, in the reader's own time zone. */
export const hour = (at) => write(new Date(at), HOUR);

/** 10:42 today, else with its day. */
export function clock(at) {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date().toDateString();
  return write(time, isToday ? HOUR : { ...HOUR, day: "numeric", month: "short" });
}

function write(time, shape) {
  return new Intl.DateTimeFormat(document.documentElement.lang, shape).format(time);
}
