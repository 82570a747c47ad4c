"""What is known of a contact is changed: by an agent, or by the customer who says who they are."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent
from conversations import broadcasts, routing
from conversations.models import Contact, ContactChange, Identity
from conversations.portraits import fields_of

MOST_NAME, MOST_TEXT = 120, 200
LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-([A-Za-z]{2}|[0-9]{3}))?$")
FIELD = "field:"  # before the label of a detail

Card = dict[str, str]  # all that can be edited: name, language, and each detail as FIELD + label


class Gone(Exception):
    """They are somebody else by now: merged."""


class Overtaken(Exception):
    """Somebody changed the same meanwhile; `card` is what it says now, `by` who did it."""

    def __init__(self, card: Card, fields: set[str], by: str) -> None:
        super().__init__(", ".join(sorted(fields)))
        self.card, self.fields, self.by = card, fields, by


def card_of(contact: Contact) -> Card:
    details = {FIELD + label: text for label, text in fields_of(contact)}
    return {"name": contact.name, "language": contact.language, **details}


def edit(*, agent: Agent, contact: Contact, opened: Card, card: Card) -> Contact:
    """Write what differs from the card as it was when it was opened; everything else stays as
    others may have left it.

    Raises ValidationError by field, Overtaken where somebody else changed the same field, Gone.
    """
    with transaction.atomic():
        routing.lock(contact.project_id)  # several may serve them: their screens are raised
        person = lock(contact.pk)
        if person.merged_into_id:
            raise Gone
        now = card_of(person)
        mine = {key: text for key, text in card.items() if text != opened.get(key, "")}
        mine = {key: text for key, text in mine.items() if now.get(key) != text and key in now}
        check(mine)
        if fields := {key for key in mine if now[key] != opened.get(key, "")}:
            raise Overtaken(now, fields, _changer(person))
        if mine:
            _write(person, mine)
            _note(person, agent, {key: now[key] for key in mine}, mine)
            broadcasts.show_contact(person.pk)
        return person


def check(card: Card) -> None:
    errors = {}
    for key, text in card.items():
        most = MOST_NAME if key == "name" else MOST_TEXT
        if key == "language" and text and not LANGUAGE.match(text):
            errors[key] = _("A code like es or pt-BR.")
        elif len(text) > most:
            errors[key] = _("At most %(most)s characters.") % {"most": most}
    if errors:
        raise ValidationError(errors)


def introduce(
    identity: Identity, *, name: str, language: str, details: Mapping[str, str] | None = None
) -> None:
    """A customer who says their name again may have a new one: the newest is shown. So it is with
    their answers to the form; what they answered elsewhere stays, and what an agent put right is
    not undone by a page that says the old thing again."""
    said = _news(identity.contact, name, language, details or {})
    if not said:
        return
    with transaction.atomic():
        routing.lock(identity.project_id)
        person = identity.contact = lock(identity.contact_id)
        said = _news(person, name, language, details or {})
        kept = _put_right(person)
        if said := {key: text for key, text in said.items() if kept.get(key) != text}:
            _write(person, said)
            broadcasts.show_contact(person.pk)


def lock(contact_id: int) -> Contact:
    """Held until the transaction ends; after routing's lock, before a conversation's."""
    return Contact.objects.select_for_update(no_key=True).get(pk=contact_id)


def _news(contact: Contact, name: str, language: str, details: Mapping[str, str]) -> Card:
    said = {"name": name, "language": language}
    said = {key: text for key, text in said.items() if text and text != getattr(contact, key)}
    told = {label: text for label, text in details.items() if contact.details.get(label) != text}
    return said | {FIELD + label: text for label, text in told.items()}


def _put_right(contact: Contact) -> Card:
    """What agents replaced, and what they wrote there still stands."""
    replaced: Card = {}
    now = card_of(contact)
    by_staff = [ContactChange.Kind.EDITED, ContactChange.Kind.MERGED]
    for change in contact.changes.filter(kind__in=by_staff).order_by("at", "pk"):
        before, after = _card(change.before), _card(change.after)
        for key in after:
            replaced.pop(key, None)
            if now.get(key) == after[key]:
                replaced[key] = before.get(key, "")
    return replaced


def _card(kept: dict[str, Any]) -> Card:
    """Of an audit line, whose details stand in a box of their own."""
    plain = {key: text for key, text in kept.items() if key in {"name", "language"}}
    return plain | {FIELD + label: text for label, text in kept.get("details", {}).items()}


def _changer(contact: Contact) -> str:
    change = contact.changes.select_related("agent__user").first()
    return change.agent.name if change else ""


def _write(contact: Contact, card: Card) -> None:
    for key, text in card.items():
        if key.startswith(FIELD):
            contact.details = {**contact.details, key.removeprefix(FIELD): text}
        else:
            setattr(contact, key, text)
    contact.save(update_fields=["name", "language", "details"])


def _note(contact: Contact, agent: Agent, before: Card, after: Card) -> None:
    ContactChange.objects.create(
        contact=contact,
        agent=agent,
        kind=ContactChange.Kind.EDITED,
        before=_audited(before),
        after=_audited(after),
    )


def _audited(card: Card) -> dict[str, Any]:
    details = {k.removeprefix(FIELD): text for k, text in card.items() if k.startswith(FIELD)}
    plain: dict[str, Any] = {k: text for k, text in card.items() if not k.startswith(FIELD)}
    return plain | ({"details": details} if details else {})
