"""Two contacts turn out to be one person: everything goes to one of them, for good."""

from typing import Any

from django.db import transaction

from agents.models import Agent
from conversations import broadcasts, routing
from conversations.models import Contact, ContactChange, Conversation, Identity, Note


class NotMerged(Exception):
    """`why`: gone (one was merged already), blocked (one is), open (both are served or wait in one
    channel: `channel` names it), same."""

    def __init__(self, why: str, channel: str = "") -> None:
        super().__init__(why)
        self.why, self.channel = why, channel


def merge(*, agent: Agent, keep: Contact, other: Contact) -> Contact:
    """Identities, conversations and notes of `other` are those of `keep` from now on; what is known
    of `keep` stands, and gaps are filled from `other`, who is never found again.

    Routing's lock keeps conversations from beginning meanwhile. Raises NotMerged.
    """
    with transaction.atomic():
        routing.lock(agent.project_id)
        keep, other = _locked(agent.project_id, keep.pk, other.pk)
        check(keep, other)
        told = {"name": other.name, "language": other.language, "details": other.details}
        before = {**told, "identities": [str(one) for one in other.identities.order_by("pk")]}
        moved = _move(keep, other)
        known = together(keep, other)
        Contact.objects.filter(pk=keep.pk).update(**known)
        Contact.objects.filter(pk=other.pk).update(merged_into=keep)
        ContactChange.objects.create(
            contact=keep,
            agent=agent,
            kind=ContactChange.Kind.MERGED,
            before={**before, "contact": other.pk},
            after={**moved, **{name: known[name] for name in told}},
        )
        broadcasts.show_contact(keep.pk)
    keep.refresh_from_db()
    return keep


def check(keep: Contact, other: Contact) -> None:
    """Raises NotMerged."""
    if keep.pk == other.pk:
        raise NotMerged("same")
    if keep.merged_into_id or other.merged_into_id:
        raise NotMerged("gone")
    if keep.blocked_at or other.blocked_at:
        raise NotMerged("blocked")
    going_on = Conversation.objects.filter(ended_at=None)
    theirs = going_on.filter(contact=other).values("inbox")
    if both := going_on.filter(contact=keep, inbox__in=theirs).select_related("inbox").first():
        raise NotMerged("open", both.inbox.name)


def together(keep: Contact, other: Contact) -> dict[str, Any]:
    """What will be known of them."""
    filled = {label: text for label, text in keep.details.items() if text}
    return {
        "name": keep.name or other.name,
        "language": keep.language or other.language,
        "details": {**other.details, **filled},
        "created_at": min(keep.created_at, other.created_at),
    }


def _locked(project_id: int, *pks: int) -> list[Contact]:
    """In one order, whoever else asks for two. Raises NotMerged where one is not (any more)."""
    rows = Contact.objects.filter(project=project_id, pk__in=pks).order_by("pk")
    found = {row.pk: row for row in rows.select_for_update(no_key=True)}
    if len(found) < len(set(pks)):
        raise NotMerged("gone")
    return [found[pk] for pk in pks]


def _move(keep: Contact, other: Contact) -> dict[str, Any]:
    """Returns how many rows went over, by their names. Who was merged into `other` before is now
    merged into `keep`."""
    theirs = {
        "identities": Identity.objects.filter(contact=other),
        "conversations": Conversation.objects.filter(contact=other),
        "notes": Note.objects.filter(contact=other),
    }
    moved = {name: rows.update(contact=keep) for name, rows in theirs.items()}
    Contact.objects.filter(merged_into=other).update(merged_into=keep)
    return moved
