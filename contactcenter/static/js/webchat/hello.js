/** The first frame of a line, made anew each time: who we are, and what we have already. */
export function hello({ memory, answers, ledger }) {
  return {
    type: "hello",
    token: memory.get("token"),
    name: "",
    language: document.documentElement.lang,
    form: answers.given,
    ...ledger.place,
  };
}

/** Where a socket of this page's origin is. */
export const address = (path) => new URL(path, location.href.replace(/^http/, "ws")).href;
