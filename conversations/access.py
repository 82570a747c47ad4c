"""The gates of conversations. Wrong id and forbidden id look the same: 404."""

import uuid

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from agents.access import PROJECT
from agents.models import Agent, Project
from conversations import archive
from conversations.models import Assignment, Contact, ContactChange, Conversation, Inbox

WHOLE = ("project", "inbox", "contact", "identity", "campaign", "typification", "ended_by__user")

INBOX = [field.attname for field in Inbox._meta.concrete_fields]
# In SQL because every visitor's page asks, at once after an outage: building this query with the
# ORM took five times as long as running it.
OPEN_TO_ALL = f"""
SELECT {", ".join([*(f"i.{name}" for name in INBOX), *(f"p.{name}" for name in PROJECT)])}
FROM conversations_inbox AS i JOIN agents_project AS p ON p.id = i.project_id
WHERE i.key = %s AND i.kind = %s AND i.is_active
"""  # noqa: S608  our own text


def conversation_for(agent: Agent, conversation_id: uuid.UUID) -> Conversation:
    """One the agent serves now, or served when it ended (to read)."""
    served = Assignment.objects.filter(conversation=OuterRef("pk"), agent=agent)
    conversation = (
        Conversation.objects.filter(
            Q(Exists(served.filter(ended_at=None)))
            | Q(Exists(served.filter(outcome=Assignment.Outcome.ENDED))),
            pk=conversation_id,
            project=agent.project_id,
        )
        .select_related(*WHOLE)
        .first()
    )
    if conversation is None:
        raise Http404
    return conversation


def archived_for(agent: Agent, conversation_id: uuid.UUID) -> Conversation:
    """An ended one that History shows this agent, or that stands above in a thread of theirs."""
    ended = Conversation.objects.filter(pk=conversation_id, ended_at__isnull=False)
    conversation = ended.filter(archive.readable(agent)).select_related(*WHOLE).first()
    if conversation is None:
        raise Http404
    return conversation


def contact_for(agent: Agent, contact_id: int) -> Contact:
    """To be changed: whom the agent serves now, or has blocked; a supervisor's is everybody."""
    contacts = Contact.objects.filter(project=agent.project_id, merged_into=None)
    if not agent.is_supervisor:
        served = Assignment.objects.filter(
            agent=agent, ended_at=None, conversation__contact=OuterRef("pk")
        )
        blocks = ContactChange.objects.filter(
            contact=OuterRef("pk"), kind=ContactChange.Kind.BLOCKED
        )
        last = Subquery(blocks.order_by("-at", "-pk").values("agent")[:1])
        contacts = contacts.annotate(blocker=last).filter(
            Q(Exists(served)) | Q(blocked_at__isnull=False, blocker=agent.pk)
        )
    contact = contacts.filter(pk=contact_id).first()
    if contact is None:
        raise Http404
    return contact


def history_for(agent: Agent, conversation: Conversation) -> QuerySet[Conversation]:
    """The contact's conversations that stand in this one's thread for this agent.

    Whoever serves somebody may read what was said before; a project may limit that to the
    campaigns the agent is in.
    """
    history = Conversation.objects.filter(contact=conversation.contact_id)
    if agent.project.history_scope == Project.HistoryScope.CAMPAIGNS:
        own = agent.campaigns.values("pk")
        history = history.filter(Q(pk=conversation.pk) | Q(campaign__in=own))
    return history


def inbox_for(key: str) -> Inbox:
    """The web chat of that name, open to everybody; Http404 for any other."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_TO_ALL, [key, Inbox.Kind.WEBCHAT])
        found = cursor.fetchone()
    if found is None:
        raise Http404
    inbox = Inbox.from_db(connection.alias, INBOX, found[: len(INBOX)])
    inbox.project = Project.from_db(connection.alias, PROJECT, found[len(INBOX) :])
    return inbox
