"""The web chat's frames: what a visitor may send, and what that means."""

import unicodedata
import uuid
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from agents.sockets import Refused
from conversations.inbound import Incoming
from conversations.models import Identity
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
    text = frame.get("text")
    if not isinstance(text, str) or frame.get("uploads"):
        raise Refused("bad_text", _("A message needs a text."))
    text = clean(text).strip()
    if not text:
        raise Refused("empty", _("There is nothing in this message."))
    if len(text) > MAX_TEXT:
        raise Refused(
            "too_long", _("A message has at most %(most)s characters.") % {"most": MAX_TEXT}
        )
    return Incoming(provider_id=str(client_id), client_id=client_id, text=text)


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
