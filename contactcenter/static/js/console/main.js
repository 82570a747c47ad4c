/** The console: its elements define themselves, the rest is started here. */
import "./availability-control.js";
import "./conversation-list.js";
import "./ending-dialog.js";
import "./figure-tips.js";
import "./line-banner.js";
import "./message-composer.js";
import "./message-log.js";
import "./running-time.js";
import "./shortcut-keys.js";
import "./sound-control.js";
import "./toast-stack.js";
import { showTimes, startClock } from "../times.js";
import * as announcer from "./announcer.js";
import * as arrivals from "./arrivals.js";
import * as contactPanel from "./contact-panel.js";
import * as desk from "./desk.js";
import * as live from "./live.js";
import * as olderMessages from "./older-messages.js";
import * as outbox from "./outbox.js";
import * as readMarks from "./read-marks.js";
import * as titleCount from "./title-count.js";
import * as typingMarks from "./typing-marks.js";
import * as unsentBubbles from "./unsent-bubbles.js";

showTimes();
startClock();
const parts = [desk, announcer, contactPanel, olderMessages, typingMarks, outbox, unsentBubbles];
for (const part of [...parts, arrivals, titleCount, readMarks, live]) part.start();
