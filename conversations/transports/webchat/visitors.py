"""Who a web visitor is: whoever holds the token that only their browser knows.

No row is written before the first message: opening the chat costs nothing.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from contextlib import nullcontext

from django.db import IntegrityError, connection, transaction

from agents.models import Project
from conversations import contacts
from conversations.models import Contact, Identity

CREATE = """
    WITH contact AS (
        INSERT INTO conversations_contact (project_id, name, language, details, created_at)
        VALUES (%(project_id)s, %(name)s, %(language)s, %(details)s::jsonb, clock_timestamp())
        RETURNING id, created_at
    ), identity AS (
        INSERT INTO conversations_identity (contact_id, project_id, kind, value, secret)
        SELECT id, %(project_id)s, %(kind)s, %(value)s, %(secret)s FROM contact
        RETURNING id
    )
    SELECT contact.id, contact.created_at, identity.id FROM contact, identity
"""
TOKEN = re.compile(r"^[A-Za-z0-9_-]{43}$")
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without look-alikes


def new_token() -> str:
    return secrets.token_urlsafe(32)


def is_token(value: object) -> bool:
    return isinstance(value, str) and bool(TOKEN.match(value))


def find(project: Project, token: str) -> Identity | None:
    return (
        Identity.objects.filter(project=project, secret=digest(token))
        .select_related("contact")
        .first()
    )


def find_or_create(
    project: Project,
    token: str,
    *,
    name: str,
    language: str,
    details: Mapping[str, str] | None = None,
) -> Identity:
    """The visitor of this token; two tabs that write their first line at once are one person.

    Asked for by pages that found nobody a moment ago, so it is made first. `details` are their
    answers to the form before the chat.
    """
    for _attempt in range(5):
        try:
            return _create(project, token, name, language, details or {})
        except IntegrityError:  # the other tab was first, or the short code is taken
            if identity := find(project, token):
                contacts.introduce(identity, name=name, language=language, details=details)
                return identity
    raise RuntimeError("no free visitor code after five tries")


def _create(
    project: Project, token: str, name: str, language: str, details: Mapping[str, str]
) -> Identity:
    """Contact and identity in one statement: both or none."""
    contact = Contact(project=project, name=name, language=language, details=dict(details))
    identity = Identity(
        contact=contact,
        project=project,
        kind=Identity.Kind.VISITOR,
        value="web-" + "".join(secrets.choice(ALPHABET) for _ in range(6)),
        secret=digest(token),
    )
    values = {
        **{field: getattr(contact, field) for field in ("project_id", "name", "language")},
        "details": json.dumps(contact.details),
        **{field: getattr(identity, field) for field in ("kind", "value", "secret")},
    }
    # Only a transaction around us needs a savepoint, so that a name that is taken does not end it.
    alone = transaction.atomic() if connection.in_atomic_block else nullcontext()
    with alone, connection.cursor() as cursor:
        cursor.execute(CREATE, values)
        contact.pk, contact.created_at, identity.pk = cursor.fetchone()
    identity.contact = contact
    contact._state.adding = identity._state.adding = False
    return identity


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
