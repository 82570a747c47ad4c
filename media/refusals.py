"""Why a file was not taken, in a sentence: what is said at the door, and what its check says."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from media.checks import reasons

AT_THE_DOOR: dict[str, Promise | str] = {
    "no_file": _("No file came with it."),
    "kind_not_taken": _("This channel does not take such files."),
    "quota": _("That is more than can be sent in a day. Try again tomorrow."),
}
# What is wrong, as a status; everything else is 422.
STATUS = {"too_big": 413, "quota": 413, "kind_not_taken": 415}


def sentence(reason: str, figures: Mapping[str, Any]) -> str:
    """In the language that is active; "" for no reason."""
    if reason in AT_THE_DOOR:
        return str(AT_THE_DOOR[reason])
    return reasons.sentence(reason, figures)


def status(reason: str) -> int:
    return STATUS.get(reason, 422)
