"""Why somebody is not available where they did not say it themselves; what they say is the
project's own (`PauseReason`)."""

from django.utils.translation import gettext_lazy as _

CONNECTION_LOST = "connection lost"
DEACTIVATED = "deactivated"
MISSED = "missed conversations"
SIGNED_IN = "signed in"
SIGNED_OUT = "signed out"

WORDS = {
    CONNECTION_LOST: _("Connection lost"),
    DEACTIVATED: _("Deactivated"),
    MISSED: _("Missed conversations"),
    SIGNED_IN: "",  # nothing to say: so begins every day
    SIGNED_OUT: _("Signed out"),
}


def in_words(reason: str) -> str:
    """In the reader's language; what an agent chose, as it is called."""
    return str(WORDS.get(reason, reason))
