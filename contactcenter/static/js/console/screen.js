/** Who looks at what: read from the page, asked for in one place. */

const data = document.body.dataset;

export const me = { agent: data.agent, project: data.project, home: data.home };
export const thread = () => document.getElementById("thread");
export const open = () => thread()?.dataset.conversation ?? "";
export const log = () => document.querySelector("message-log");
export const isMine = () => Boolean(thread()?.querySelector("form.composer"));
export const row = (conversation) => document.getElementById(`conversation-${conversation}`);

/** Said by the other side: a customer, or the colleague of an internal chat. */
export const isTheirs = ({ author, agent }) =>
  author === "contact" || (author === "colleague" && agent !== me.agent);

/** Text as it is searched: without case and accents. */
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** A copy of what a <template> of the page holds. */
export const copy = (id) =>
  document.getElementById(id).content.firstElementChild.cloneNode(true);

export const tell = (name, detail = {}) =>
  document.dispatchEvent(new CustomEvent(`console:${name}`, { detail }));

export const on = (name, listener, options) =>
  document.addEventListener(`console:${name}`, (event) => listener(event.detail), options);
