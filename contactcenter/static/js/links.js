/**
 * Addresses in people's texts as links. Only http, https and e-mail, only by DOM calls, and what
 * is shown is where it leads: a host in lookalike letters is shown by its real name, an address
 * with "somebody@" in front of its host is no link at all.
 */

const STOPS = String.raw`\s<>"\\\u0000-\u001f\u007f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff`;
const ADDRESS = String.raw`(?<![a-z0-9])[a-z]+:\/\/[^${STOPS}]+`; // any scheme: none is half a link
const MAIL = String.raw`(?<![\p{L}\p{N}._+@/-])[a-z0-9][a-z0-9._+-]*@(?:[a-z0-9-]+\.)+[a-z]{2,}`;
const FOUND = new RegExp(String.raw`${ADDRESS}|${MAIL}(?![\p{L}\p{N}@_-]|\.[\p{L}\p{N}])`, "giu");
const TAIL = /[.,;:!?'`´…·*_~¡¿»”’。，、！？：；]$/u;
const BRACKETS = { ")": "(", "]": "[", "}": "{", "）": "（", "」": "「", "】": "【" };
const PLAIN = /^[a-z0-9.\-à-öø-ÿ]+$/; // letters nobody takes for others

/** The text in order, as `{text}` and `{text, href}`. */
export function pieces(text) {
  const found = [];
  let done = 0;
  for (const { 0: match, index } of text.matchAll(FOUND)) {
    const written = match.includes("://") ? trimmed(match) : match;
    const link = match.includes("://") ? address(written) : mail(written);
    if (!link) continue;
    if (index > done) found.push({ text: text.slice(done, index) });
    found.push(link);
    done = index + written.length;
  }
  if (done < text.length) found.push({ text: text.slice(done) });
  return found;
}

/** Wraps the addresses in an element's text; what is a link already stays. */
export function link(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    if (text.parentElement.closest("a, textarea, script, style")) continue;
    const parts = pieces(text.data);
    if (parts.some(({ href }) => href)) text.replaceWith(...parts.map(node));
  }
}

function node({ text, href }) {
  if (!href) return document.createTextNode(text);
  const anchor = document.createElement("a");
  Object.assign(anchor, { href, target: "_blank", rel: "noopener noreferrer nofollow" });
  anchor.dir = "ltr"; // isolated: neighbours written from right to left cannot reorder it
  anchor.textContent = text;
  return anchor;
}

function address(written) {
  const url = URL.canParse(written) && new URL(written);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return null;
  const [, start, host, rest] = written.match(/^(\w+:\/\/)(\[[^\]]*\]|[^/?#:]*)(.*)$/u);
  if (host === "" || host.includes("@")) return null;
  const plain = host.toLowerCase() === url.hostname || isHonest(host.toLowerCase(), url);
  return { text: plain ? written : start + url.hostname + rest, href: url.href };
}

/** Written in other letters than it is looked up by, but such as cannot be mistaken. */
const isHonest = (host, url) => PLAIN.test(host) && url.hostname.includes("xn--");

const mail = (written) => ({ text: written, href: `mailto:${written}` });

/** Without the full stop or the bracket of the sentence around it. */
function trimmed(match) {
  let written = match;
  while (TAIL.test(written) || isLoose(written)) written = written.slice(0, -1);
  return written;
}

function isLoose(written) {
  const last = written.at(-1);
  const count = (sign) => written.split(sign).length;
  return last in BRACKETS && count(last) > count(BRACKETS[last]);
}
