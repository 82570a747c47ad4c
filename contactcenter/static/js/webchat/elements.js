/** All elements of the page define themselves. */
import "../audio-player.js";
import "../image-lightbox.js";
import "../voice-note.js";
import "./chat-closing.js";
import "./chat-composer.js";
import "./chat-form.js";
import "./chat-header.js";
import "./chat-notices.js";
import "./chat-thread.js";
import "./chat-tray.js";
import "./new-messages.js";
import "./queue-card.js";
