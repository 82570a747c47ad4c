"""The gates of conversations. Wrong id and forbidden id look the same: 404."""

import uuid
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404

from agents.models import Agent, Campaign, Project
from conversations.models import Assignment, Conversation, Inbox, Offer

Row = TypeVar("Row", bound=Model)


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


def conversation_once_of(agent: Agent, conversation_id: uuid.UUID) -> Conversation:
    """One the agent serves or has served: whoever acts on it too late is told, in a sentence."""
    served = Assignment.objects.filter(conversation=OuterRef("pk"), agent=agent)
    found = Conversation.objects.filter(Exists(served), project=agent.project_id)
    related = found.select_related("project", "inbox", "contact", "identity", "campaign")
    if conversation := related.filter(pk=conversation_id).first():
        return conversation
    raise Http404


def colleague_for(agent: Agent, number: str) -> Agent:
    """Somebody of the same project who answers customers."""
    return _row(Agent.objects.filter(project=agent.project_id).select_related("user"), number)


def campaign_for(agent: Agent, number: str) -> Campaign:
    """A campaign of the project that is in use."""
    return _row(Campaign.objects.filter(project=agent.project_id, is_active=True), number)


def offer_for(agent: Agent, number: int) -> Offer:
    """One that was made to the agent, or by them."""
    own = Offer.objects.filter(Q(agent=agent) | Q(sender=agent), project=agent.project_id)
    return _row(own.select_related("conversation", "sender__user", "agent__user"), str(number))


def _row(rows: QuerySet[Row], number: str) -> Row:
    found = rows.filter(pk=int(number)).first() if is_number(number) else None
    if found is None:
        raise Http404
    return found


def is_number(text: str) -> bool:
    """Whether it can be the number of a row."""
    return text.isascii() and text.isdecimal() and len(text) < 19


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
