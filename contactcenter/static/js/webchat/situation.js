const LIVE = new Set(["bot", "queued", "assigned"]);

export const isLive = (state) => LIVE.has(state);

/** How a chat stands before the server has said anything. */
export const BEFORE = Object.freeze({
  line: "connecting", // "up", "lost"
  code: null, // a close code that wants a sentence
  conversation: null,
  state: "new", // "bot", "queued", "assigned", "ended"
  agent: null,
  position: null,
  wait: null, // [min, max] seconds
  endedAt: null,
  rules: {}, // what may be sent, by kind
  form: null, // the questions before the chat, if they stand
  inactive: false, // ended because the customer had gone silent
  abandoned: false, // ended because the customer left the queue
  left: false, // the customer's last word was to leave; the agent still holds it
  resumed: false, // a live chat found again after a reload
});

/** What a `welcome` or `state` frame changes in `facts`. */
export function situation(facts, frame) {
  const { conversation, state, agent, position, wait, ended_at: endedAt } = frame;
  const same = conversation === facts.conversation;
  const queued = state === "queued";
  const assigned = state === "assigned";
  return {
    conversation,
    state,
    agent: (assigned && agent) || null,
    position: queued ? position ?? (same ? facts.position : null) : null,
    // null says that nobody knows (any more); a frame without it says nothing about it
    wait: queued && wait === undefined && same ? facts.wait : (queued && wait) || null,
    endedAt: state === "ended" ? endedAt ?? facts.endedAt ?? new Date().toISOString() : null,
    inactive: state === "ended" && frame.reason === "inactive",
    left: facts.left && assigned,
    resumed: facts.resumed && isLive(state),
  };
}
