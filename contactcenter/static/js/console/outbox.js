/** Answers on their way to customers. */
import { Outgoing } from "./outgoing.js";
import { me } from "./screen.js";

export const outbox = new Outgoing("outbox", ({ dataset, id }) =>
  dataset.agent === me.agent && dataset.seq ? id.replace("message-", "") : null,
);
