"""The web chat's frames: what a visitor may send, and what that means."""

import unicodedata
import uuid
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from agents.sockets import Refused
from conversations.inbound import Incoming
from conversations.models import Identity
from conversations.models.attachment import MOST_FILES
from conversations.models.message import MAX_TEXT

LANGUAGES = {"en", "es"}
MOST_NAME = 120


def parse(frame: dict[str, Any]) -> Incoming:
    """A `message` frame as an Incoming; Refused with a sentence otherwise.

    Its name is the page's own until it is `said_by` somebody.
    """
    try:
        client_id = uuid.UUID(frame["id"])
    except (KeyError, ValueError, AttributeError, TypeError):
        raise Refused("bad_id", _("A message needs a UUID as its id.")) from None
    text, uploads = frame.get("text", ""), uploads_of(frame)
    if not isinstance(text, str):
        raise Refused("bad_text", _("A message needs a text."))
    text = clean(text).strip()
    if not text and not uploads:
        raise Refused("empty", _("There is nothing in this message."))
    if len(text) > MAX_TEXT:
        raise Refused(
            "too_long", _("A message has at most %(most)s characters.") % {"most": MAX_TEXT}
        )
    return Incoming(
        provider_id=str(client_id), client_id=client_id, text=text, uploads=tuple(uploads)
    )


def uploads_of(frame: dict[str, Any]) -> list[uuid.UUID]:
    """Each once, in the order given. Refused for what is no list of ids, and for too many."""
    named = frame.get("uploads") or []
    try:
        uploads = list(dict.fromkeys(uuid.UUID(each) for each in named))
    except (ValueError, AttributeError, TypeError):
        raise no_such_file() from None
    if len(uploads) > MOST_FILES:
        raise Refused(
            "too_many_files", _("A message has at most %(most)s files.") % {"most": MOST_FILES}
        )
    return uploads


def no_such_file() -> Refused:
    return Refused("bad_uploads", _("A file cannot be sent. Choose it again."))


def said_by(identity: Identity, incoming: Incoming, *, may_start: bool) -> Incoming:
    """With the visitor's name in front, so that a page's ids are its visitor's alone."""
    name = f"{identity.value}:{incoming.client_id}"
    return replace(incoming, provider_id=name, may_start=may_start)


def clean(text: str) -> str:
    """Without NUL and lone surrogates, which PostgreSQL cannot store."""
    return "".join(c for c in text if c != "\0" and unicodedata.category(c) != "Cs")


def name_of(frame: dict[str, Any]) -> str:
    name = frame.get("name")
    return one_line(name)[:MOST_NAME] if isinstance(name, str) else ""


def one_line(text: str) -> str:
    """Without what cannot be seen (controls, direction marks), single spaces between words."""
    printable = "".join(
        c if c == "\u200d" or unicodedata.category(c)[0] != "C" else " " if c.isspace() else ""
        for c in clean(text)
    )
    return " ".join(printable.split())


def language_of(frame: dict[str, Any]) -> str:
    language = str(frame.get("language") or "")[:2].lower()
    return language if language in LANGUAGES else "en"


def number(frame: dict[str, Any], key: str) -> int:
    """A whole number from 0; anything else is 0."""
    value = frame.get(key)
    return value if type(value) is int and 0 <= value < 2**31 else 0
