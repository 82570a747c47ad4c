/** The live screen: the line brings pushes, the refresh repairs what the line lost. */
import { toSignIn } from "../http.js";
import { apply } from "./fragments.js";
import { Line } from "./line.js";
import { noteOutbox } from "./note-outbox.js";
import { outbox } from "./outbox.js";
import { Refresh } from "./refresh.js";
import { Revisions } from "./revisions.js";
import { on, open, tell, thread } from "./screen.js";

const LEAVING = 1_000; // ms: a page that is being left (Sign out) needs no other address
const page = document.body.dataset;
const line = new Line(page.socket, heard);
const refresh = new Refresh(page.refresh, {
  asking: () => revisions.asking(),
  refreshed: (revision) => revisions.refreshed(revision),
  isOpen: () => line.isOpen,
});
const revisions = new Revisions(Number(page.revision), { apply: show, refresh: (why) => refresh.ask(why) });
let wasHere = false; // the line was open before
let missed = null; // pushes that came while a thread was on its way

function heard(what, frame) {
  if (what === "open") comeBack();
  if (what === "refused") setTimeout(refused, LEAVING);
  if (what === "lost" || what === "replaced") tell("line", { state: what });
  if (what === "frame") read(frame);
}

/** The page loaded anew says what happened; where that did not help, the banner does. */
function refused() {
  if (!toSignIn()) tell("line", { state: "refused" });
}

function read(frame) {
  if (frame.type === "push") revisions.push(frame);
  if (frame.type === "beat") revisions.beat(frame.revision);
  if (frame.type === "figures") figures(frame);
  if (frame.type === "typing") tell("typing", frame);
  if (frame.type === "toast") document.querySelector("toast-stack").show(frame.text);
}

/** Who is there and who has what may have changed with them. */
function figures({ html }) {
  apply(html);
  tell("figures");
}

/** An empty push means: too much happened at once, ask for it. */
function show({ html }) {
  missed?.push(html);
  if (html) apply(html);
  else refresh.ask("much");
}

async function comeBack() {
  await refresh.ask(wasHere ? "reconnect" : "start");
  wasHere = true;
  await Promise.all([outbox.flush(), noteOutbox.flush()]);
  if (line.isOpen) tell("line", { state: "open" });
}

/** A thread that was rendered before a push came may lack its message. */
function catchUp() {
  for (const html of missed ?? []) apply(html, { only: "[data-seq], [data-note], [data-remove^=note]" });
  missed = null;
}

export function start() {
  on("try-now", () => line.now());
  for (const kind of ["outbox", "notes"])
    on(`${kind}:sent`, () => line.now()); // the server answers: the line can come back at once
  on("opening", () => (missed = []));
  on("opened", catchUp);
  on("applied", ({ removed }) => {
    const isOpen = removed.includes(`conversation-${open()}`);
    if (isOpen && !("given" in thread().dataset)) refresh.ask("closed");
  });
  line.now();
}
