"""The form before the chat: what still has to be asked, and what was answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils.translation import gettext as _

from conversations.models import Contact, FormField, Inbox
from conversations.transports.webchat import transport

MOST_ANSWER = 200
MOST_FIELDS = 30  # answers looked at, however many a page sends
PHONE = re.compile(r"^\+?[0-9][0-9 ().-]*$")
DIGITS = range(6, 16)  # E.164 has at most 15; the shortest national numbers have 6

FIELD = [field.attname for field in FormField._meta.concrete_fields]
# In SQL because every visitor's page asks, though most channels ask nothing.
FIELDS = f"""
SELECT {", ".join(FIELD)} FROM conversations_formfield WHERE inbox_id = %s ORDER BY position, id
"""  # noqa: S608  our own text

Given = dict[str, str]  # a field's id → what the visitor wrote, cleaned


@dataclass(frozen=True)
class Form:
    """A channel's questions as they stand for one person.

    `given` are the answers this page sent (None: none yet), `known` what the contact's row
    already holds: label → text.
    """

    fields: list[FormField]
    given: Given | None
    known: Mapping[str, str]
    name: str = ""

    @property
    def stands(self) -> bool:
        """Whether it has to be answered before the chat begins."""
        return bool(self.fields) and (
            not self._was_asked or any(self.error(field) for field in self.fields)
        )

    @property
    def _was_asked(self) -> bool:
        """A form of optional questions is shown once, too."""
        return (
            self.given is not None
            or any(field.label in self.known for field in self.fields)
            or all(self.answer(field) for field in self.fields)
        )

    @property
    def details(self) -> dict[str, str]:
        """What to keep with the contact; empty without accepted answers of this page."""
        if self.given is None or self.stands:
            return {}
        return {field.label: self.answer(field) for field in self.fields}

    @property
    def given_name(self) -> str:
        names = [field for field in self.fields if field.kind == FormField.Kind.NAME]
        return next((text for field in names if (text := self.details.get(field.label))), "")

    def answer(self, field: FormField) -> str:
        if self.given is not None and str(field.pk) in self.given:
            return self.given[str(field.pk)]
        is_name = field.kind == FormField.Kind.NAME
        return self.known.get(field.label) or (self.name if is_name else "")

    def error(self, field: FormField) -> str | None:
        """Why the answer is refused, in a sentence; None when it is taken."""
        text = self.answer(field)
        if not text:
            return _("Please fill this in.") if field.is_required else None
        if len(text) > MOST_ANSWER:
            return _("At most %(most)s characters.") % {"most": MOST_ANSWER}
        if field.kind == FormField.Kind.EMAIL and not is_email(text):
            return _("An address like name@example.com.")
        if field.kind == FormField.Kind.PHONE and not is_phone(text):
            return _("A number like +54 11 5555 0101.")
        return None

    def frame(self) -> list[dict[str, Any]]:
        """The questions for the page; errors only for who has answered."""
        return [
            {
                "id": str(field.pk),
                "label": field.label,
                "kind": field.kind,
                "required": field.is_required,
                "error": None if self.given is None else self.error(field),
            }
            for field in self.fields
        ]


def form_for(inbox: Inbox, given: Given | None, contact: Contact | None, name: str) -> Form:
    """The channel's questions, asked of this person; `name` is what their page calls them."""
    fields = _fields(inbox)
    if contact is None:
        return Form(fields, given, {}, name)
    return Form(fields, given, contact.details, name or contact.name)


def _fields(inbox: Inbox) -> list[FormField]:
    with connection.cursor() as cursor:
        cursor.execute(FIELDS, [inbox.pk])
        return [FormField.from_db(connection.alias, FIELD, row) for row in cursor.fetchall()]


def given_in(hello: dict[str, Any]) -> Given | None:
    """The answers a hello carries; None without any. Whatever is no text is no answer."""
    form = hello.get("form")
    if not isinstance(form, dict):
        return None
    return {
        key[:MOST_ANSWER]: transport.one_line(text)[: MOST_ANSWER + 1]
        for key, text in islice(form.items(), MOST_FIELDS)
        if isinstance(text, str)
    }


def is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def is_phone(text: str) -> bool:
    return bool(PHONE.match(text)) and sum(c.isdigit() for c in text) in DIGITS
