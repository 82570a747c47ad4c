/** "{name} joined" with its values; the sentences come translated from the page. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** First letters of the first two words, whole characters even beyond the basic plane. */
export function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean).slice(0, 2);
  return words.map((word) => [...word][0].toLocaleUpperCase()).join("");
}

/** 10:42 today, else with its day, in the reader's own time zone. */
export function clock(at) {
  const time = new Date(at);
  const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const isToday = time.toDateString() === new Date().toDateString();
  if (!isToday) Object.assign(shape, { day: "numeric", month: "short" });
  return new Intl.DateTimeFormat(document.documentElement.lang, shape).format(time);
}
