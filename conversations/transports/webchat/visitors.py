"""Who a web visitor is: whoever holds the token that only their browser knows.

No row is written before the first message: opening the chat costs nothing.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from agents.models import Project
from conversations.models import Contact, Identity

TOKEN = re.compile(r"^[A-Za-z0-9_-]{43}$")
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without look-alikes


def new_token() -> str:
    return secrets.token_urlsafe(32)


def is_token(value: object) -> bool:
    return isinstance(value, str) and bool(TOKEN.match(value))


def find(project: Project, token: str) -> Identity | None:
    return (
        Identity.objects.filter(project=project, secret=_digest(token))
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
                introduce(identity, name=name, language=language, details=details)
                return identity
    raise RuntimeError("no free visitor code after five tries")


@transaction.atomic
def _create(
    project: Project, token: str, name: str, language: str, details: Mapping[str, str]
) -> Identity:
    contact = Contact.objects.create(
        project=project, name=name, language=language, details=dict(details)
    )
    return Identity.objects.create(
        contact=contact,
        project=project,
        kind=Identity.Kind.VISITOR,
        value="web-" + "".join(secrets.choice(ALPHABET) for _ in range(6)),
        secret=_digest(token),
    )


def introduce(
    identity: Identity, *, name: str, language: str, details: Mapping[str, str] | None = None
) -> None:
    """A visitor who says their name again may have a new one: the newest is shown. So it is with
    their answers to the form; what they answered elsewhere stays."""
    contact = identity.contact
    said = {
        "name": name or contact.name,
        "language": language or contact.language,
        "details": {**contact.details, **(details or {})},
    }
    changed = [field for field, value in said.items() if getattr(contact, field) != value]
    for field in changed:
        setattr(contact, field, said[field])
    if changed:
        contact.save(update_fields=changed)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
