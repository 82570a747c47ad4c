/*
 * The one script tag of a site: a round button and the chat in an iframe.
 *
 *   <script src="https://chat.example/webchat/<inbox key>/loader.js" async></script>
 *
 * data-language ("es") and data-accent ("#0a7a5c") are optional. It leaves no global names and no
 * style on the page: everything lives in one element's shadow tree.
 */
(() => {
  const script = document.currentScript;
  const address = new URL(".", script.src); // …/webchat/<inbox key>/
  const name = `contact-center:${address.pathname}`;
  const told = script.dataset.language || document.documentElement.lang;
  const language = (told || navigator.language || "en").toLowerCase();
  const [OPEN, CLOSE, ONE_NEW, MANY_NEW] = language.startsWith("es")
    ? ["Abrir chat", "Cerrar chat", "1 mensaje nuevo", "{n} mensajes nuevos"]
    : ["Open chat", "Close chat", "1 new message", "{n} new messages"];

  const HTML = "http://www.w3.org/1999/xhtml";
  const SVG = "http://www.w3.org/2000/svg";
  const look = `
    :host {
      all: initial !important;
      position: fixed !important;
      inset: auto 24px 24px auto !important;
      z-index: 2147483000 !important;
      color-scheme: light dark;
    }

    button {
      position: relative;
      z-index: 1;
      display: grid;
      place-items: center;
      inline-size: 56px;
      block-size: 56px;
      padding: 0;
      border: 0;
      border-radius: 50%;
      background: var(--contact-center-accent, #2c4bc9);
      color: var(--contact-center-ink, #fff);
      box-shadow: 0 10px 28px rgb(28 26 23 / 0.26);
      cursor: pointer;
    }

    button:focus-visible {
      outline: 2px solid var(--contact-center-accent, #2c4bc9);
      outline-offset: 3px;
    }

    svg {
      inline-size: 24px;
      block-size: 24px;
      fill: none;
      stroke: currentColor;
      stroke-width: 1.6;
      stroke-linecap: round;
      stroke-linejoin: round;
    }

    span {
      position: absolute;
      inset: -2px -2px auto auto;
      box-sizing: border-box;
      min-inline-size: 20px;
      padding: 0 5px;
      border-radius: 10px;
      background: #b92d23;
      color: #fff;
      box-shadow: 0 0 0 2px #fff;
      font: 600 12px/20px system-ui, sans-serif;
      text-align: center;
    }

    iframe {
      position: fixed;
      inset: auto 24px 24px auto;
      inline-size: 372px;
      block-size: min(616px, 100dvh - 48px);
      border: 0;
      border-radius: 18px;
      background: Canvas;
      box-shadow: 0 0 0 1px rgb(28 26 23 / 0.12), 0 24px 64px rgb(28 26 23 / 0.2);
    }

    p {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      margin: 0;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }

    [hidden] {
      display: none;
    }

    @media (max-width: 480px) {
      :host {
        inset: auto 16px 16px auto !important;
      }

      iframe {
        inset: 0;
        inline-size: 100%;
        block-size: 100dvh;
        border-radius: 0;
        box-shadow: none;
      }
    }

    @media (forced-colors: active) {
      button {
        border: 2px solid ButtonText;
      }
    }
  `;

  /** Storage may be forbidden; then the chat only forgets that it was open. */
  const stored = (store, change) => {
    try {
      return change(window[store]);
    } catch {
      return null;
    }
  };
  const wasOpen = () => stored("sessionStorage", (store) => store.getItem(name)) === "open";
  const isKnown = () => stored("localStorage", (store) => store.getItem(name)) === "known";

  const make = (tag, attributes, space = HTML) => {
    const element = document.createElementNS(space, tag);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  };

  const draw = () => {
    const icon = make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, SVG);
    const half = "M5 4.5h14A1.5 1.5 0 0 1 20.5 6v9a1.5 1.5 0 0 1-1.5 1.5h-8L6 20.5v-4H5A1.5";
    icon.append(make("path", { d: `${half} 1.5 0 0 1 3.5 15V6A1.5 1.5 0 0 1 5 4.5z` }, SVG));
    return icon;
  };

  /** The inbox's colour on the button, with the ink that can be read on it. */
  const dress = (holder, accent) => {
    if (!/^#[0-9a-f]{6}$/i.test(accent ?? "")) return;
    const parts = [1, 3, 5].map((start) => parseInt(accent.slice(start, start + 2), 16) / 255);
    const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const [red, green, blue] = parts.map(linear);
    const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue; // WCAG 2.2
    const isLight = 1.05 / (luminance + 0.05) < 4.5; // white could not be read
    holder.style.setProperty("--contact-center-accent", accent);
    holder.style.setProperty("--contact-center-ink", isLight ? "#000" : "#fff");
  };

  const start = () => {
    const there = [...document.querySelectorAll("contact-center-chat")];
    if (there.some(({ dataset }) => dataset.address === address.href)) return;
    const holder = make("contact-center-chat", { "data-address": address.href });
    const root = holder.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(look);
    root.adoptedStyleSheets = [sheet];
    dress(holder, script.dataset.accent);

    const button = make("button", { type: "button", "aria-label": OPEN, "aria-expanded": "false" });
    const badge = make("span", { "aria-hidden": "true", hidden: "" });
    const spoken = make("p", { role: "status" });
    button.append(draw(), badge);
    root.append(button, spoken);
    document.body.append(holder);

    let frame = null;
    let ready = false;
    let isOpen = false;

    const tell = (type, focus = false) => {
      if (ready) frame.contentWindow.postMessage({ type, focus }, address.origin);
    };

    const load = () => {
      if (frame) return;
      const page = new URL(address);
      page.searchParams.set("origin", location.origin);
      if (told) page.searchParams.set("lang", told);
      if (script.dataset.accent) page.searchParams.set("accent", script.dataset.accent);
      frame = make("iframe", { src: page.href, title: "Chat", allow: "microphone" });
      frame.hidden = true;
      root.append(frame);
    };

    const show = (open, { focus = true } = {}) => {
      if (open) load();
      isOpen = open;
      stored("sessionStorage", (store) => store.setItem(name, open ? "open" : "closed"));
      frame.hidden = !open;
      // the panel has its own way out; until it answers the button stays as one
      button.hidden = open && ready;
      button.setAttribute("aria-expanded", String(open));
      button.setAttribute("aria-label", open ? CLOSE : OPEN);
      spoken.textContent = "";
      if (focus) (open && ready ? frame : button).focus();
      tell(open ? "open" : "closed", focus);
    };

    const count = (unread) => {
      badge.hidden = unread === 0;
      badge.textContent = unread > 99 ? "99+" : String(unread);
      const news = unread === 1 ? ONE_NEW : MANY_NEW.replace("{n}", unread);
      if (isOpen) return;
      button.setAttribute("aria-label", unread ? `${OPEN}, ${news}` : OPEN);
      const sentence = unread ? news : ""; // said as it arrives, wherever the focus is
      if (spoken.textContent !== sentence) spoken.textContent = sentence;
    };

    const hearers = {
      ready: ({ accent }) => {
        ready = true;
        if (!script.dataset.accent) dress(holder, accent); // the channel's own
        if (isOpen) show(true, { focus: root.activeElement === button });
        else tell("closed");
      },
      close: () => show(false),
      started: () => stored("localStorage", (store) => store.setItem(name, "known")),
      unread: ({ count: unread }) => Number.isInteger(unread) && unread >= 0 && count(unread),
    };

    button.addEventListener("click", () => show(!isOpen));
    root.addEventListener("keydown", ({ key }) => key === "Escape" && isOpen && show(false));
    window.addEventListener("message", ({ source, origin, data }) => {
      if (!frame || source !== frame.contentWindow || origin !== address.origin) return;
      if (Object.hasOwn(hearers, data?.type)) hearers[data.type](data);
    });

    if (wasOpen()) show(true, { focus: false });
    else if (isKnown()) load();
  };

  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
