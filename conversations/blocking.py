"""A contact is shut out, and let in again: what they write while they are blocked is not taken
(`inbound.receive`)."""

from django.db import transaction

from agents.models import Agent
from conversations import broadcasts, closing, contacts, routing
from conversations.models import Contact, ContactChange, Conversation


class AlreadyDone(Exception):
    """Somebody else was first, or they were merged."""


def block(*, agent: Agent, contact: Contact, reason: str = "") -> Contact:
    """Their conversations end with the typification reserved for it, whoever serves them, and the
    freed slots are given out. Raises AlreadyDone."""
    with transaction.atomic():
        now = routing.lock(agent.project_id)
        person = contacts.lock(contact.pk)
        if person.blocked_at or person.merged_into_id:
            raise AlreadyDone
        person.blocked_at = now
        person.save(update_fields=["blocked_at"])
        _note(person, agent, ContactChange.Kind.BLOCKED, {"reason": reason})
        going_on = Conversation.objects.filter(contact=person, ended_at=None).order_by("pk")
        for conversation in going_on.select_related("contact", "identity"):
            closing.shut(conversation=conversation, agent=agent, comment=reason, now=now)
        routing.fill(agent.project_id, now=now)
        return person


def unblock(*, agent: Agent, contact: Contact) -> Contact:
    """They may write again; what ended stays ended. Raises AlreadyDone."""
    with transaction.atomic():
        routing.lock(agent.project_id)
        person = contacts.lock(contact.pk)
        if not person.blocked_at:
            raise AlreadyDone
        person.blocked_at = None
        person.save(update_fields=["blocked_at"])
        _note(person, agent, ContactChange.Kind.UNBLOCKED, {})
        broadcasts.show_contact(person.pk)
        return person


def _note(person: Contact, agent: Agent, kind: str, after: dict[str, str]) -> None:
    ContactChange.objects.create(contact=person, agent=agent, kind=kind, after=after)
