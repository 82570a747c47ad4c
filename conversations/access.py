"""The gates of conversations. Wrong id and forbidden id look the same: 404."""

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from agents.models import Agent, Project
from conversations.models import Assignment, Conversation, Inbox, WrapUp


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
        .select_related("project", "inbox", "contact", "identity", "campaign", "typification")
        .first()
    )
    if conversation is None:
        raise Http404
    return conversation


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


def wrap_up_for(agent: Agent, wrap_up_id: int) -> WrapUp:
    """One of the agent's own, also when it is over; Http404 for any other."""
    wrap_up = WrapUp.objects.filter(agent=agent, pk=wrap_up_id).first()
    if wrap_up is None:
        raise Http404
    return wrap_up


def inbox_for(key: str) -> Inbox:
    """The web chat of that name, open to everybody; Http404 for any other."""
    inbox = (
        Inbox.objects.filter(key=key, kind=Inbox.Kind.WEBCHAT, is_active=True)
        .select_related("project")
        .first()
    )
    if inbox is None:
        raise Http404
    return inbox
