/** Notes on their way to colleagues: keys, addresses and news of their own. */
import { Outgoing } from "./outgoing.js";
import { me } from "./screen.js";

export const noteOutbox = new Outgoing("notes", ({ dataset, id }) =>
  id.startsWith("note-") && dataset.by === me.agent ? id.replace("note-", "") : null,
);
