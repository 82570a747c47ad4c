"""The gates of conversations. Wrong id and forbidden id look the same: 404."""

import uuid
from typing import Any, TypeVar, cast

from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from agents.joined import Joined
from agents.models import Agent, Campaign, Project
from conversations import archive, notebook
from conversations.models import (
    Assignment,
    Contact,
    ContactChange,
    Conversation,
    Identity,
    Inbox,
    Note,
    Offer,
    QuickReply,
    WrapUp,
)

Row = TypeVar("Row", bound=Model)

WHOLE = ("project", "inbox", "contact", "identity", "campaign", "typification", "ended_by__user")

CASE = Joined(c=Conversation, i=Inbox, o=Contact, d=Identity, g=Campaign)
# In SQL because every page and every form of an agent asks.
SERVED = f"""
SELECT {CASE.columns}
FROM conversations_conversation AS c
JOIN conversations_inbox AS i ON i.id = c.inbox_id
JOIN conversations_contact AS o ON o.id = c.contact_id
JOIN conversations_identity AS d ON d.id = c.identity_id
JOIN agents_campaign AS g ON g.id = c.campaign_id
WHERE c.id = %(conversation)s AND c.project_id = %(project)s AND EXISTS (
    SELECT FROM conversations_assignment AS a
    WHERE a.conversation_id = c.id AND a.agent_id = %(agent)s
      AND (a.ended_at IS NULL OR a.outcome = 'ended')
)
"""  # noqa: S608  our own text

DOOR = Joined(i=Inbox, p=Project)
# In SQL because every visitor's page asks, at once after an outage.
OPEN_TO_ALL = f"""
SELECT {DOOR.columns}
FROM conversations_inbox AS i JOIN agents_project AS p ON p.id = i.project_id
WHERE i.key = %s AND i.kind = %s AND i.is_active
"""  # noqa: S608  our own text


def conversation_for(agent: Agent, conversation_id: uuid.UUID) -> Conversation:
    """One the agent serves now, or served when it ended (to read)."""
    values: dict[str, Any] = {
        "conversation": conversation_id,
        "project": agent.project_id,
        "agent": agent.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(SERVED, values)
        found = cursor.fetchone()
    if found is None:
        raise Http404
    conversation, inbox, contact, identity, campaign = CASE.nouns(found)
    conversation.project, conversation.inbox = agent.project, inbox
    conversation.contact, conversation.identity = contact, identity
    conversation.campaign = campaign
    return cast(Conversation, conversation)


def _serving(agent: Agent) -> Q:
    served = Assignment.objects.filter(conversation=OuterRef("pk"), agent=agent)
    return Q(Exists(served.filter(ended_at=None))) | Q(
        Exists(served.filter(outcome=Assignment.Outcome.ENDED))
    )


def archived_for(agent: Agent, conversation_id: uuid.UUID) -> Conversation:
    """An ended one that History shows this agent, or that stands above in a thread of theirs."""
    ended = Conversation.objects.filter(pk=conversation_id, ended_at__isnull=False)
    conversation = ended.filter(archive.readable(agent)).select_related(*WHOLE).first()
    if conversation is None:
        raise Http404
    return conversation


def readable_by(agent: Agent) -> QuerySet[Conversation]:
    """All that `conversation_for` or `archived_for` would open."""
    ended = Q(archive.readable(agent), ended_at__isnull=False)
    found = Conversation.objects.filter(_serving(agent) | ended, project=agent.project_id)
    return found.select_related(*WHOLE)


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


def notes_for(agent: Agent, conversation: Conversation) -> QuerySet[Note]:
    """What staff wrote about the conversations that stand in this thread for this agent, and about
    their contact.

    Where agents read their own campaigns only, so it is with notes on the contact: by whoever is
    in one of them.
    """
    notes = Note.objects.filter(contact=conversation.contact_id)
    if agent.project.history_scope == Project.HistoryScope.CAMPAIGNS:
        team = Agent.objects.filter(campaigns__in=agent.campaigns.values("pk"))
        by_team = Q(conversation=None) & (Q(agent=agent) | Q(agent__in=team))
        notes = notes.filter(by_team | Q(conversation__in=history_for(agent, conversation)))
    return notes


def note_for(agent: Agent, conversation: Conversation, client_id: uuid.UUID) -> Note:
    """One of their own in this thread."""
    mine = notes_for(agent, conversation).filter(agent=agent, client_id=client_id)
    note = mine.select_related("project", "conversation", "agent").first()
    if note is None:
        raise Http404
    return note


def mentions_of(agent: Agent, count: int = 20) -> list[tuple[Note, Conversation | None]]:
    """The newest notes that name this agent, each with the conversation in which they may read it;
    without one they may know no more than that they were named."""
    mine = Note.objects.filter(mentioned=agent, project=agent.project_id)
    notes = list(mine.select_related("agent__user", "project").order_by("-pk")[:count])
    places = {note.pk: notebook.place_of(note, agent.pk) for note in notes}
    readable = Conversation.objects.select_related("project", "contact", "identity")
    found = readable.in_bulk([place for place in places.values() if place])
    return [(note, found[place] if (place := places[note.pk]) else None) for note in notes]


def reply_for(agent: Agent, reply_id: int) -> QuickReply:
    """One they may change: their own, or a shared one where they supervise."""
    theirs = Q(agent=agent)
    if agent.is_supervisor:
        theirs |= Q(agent=None)
    reply = QuickReply.objects.filter(theirs, pk=reply_id, project=agent.project_id).first()
    if reply is None:
        raise Http404
    return reply


def wrap_up_for(agent: Agent, wrap_up_id: int) -> WrapUp:
    """One of the agent's own, also when it is over; Http404 for any other."""
    wrap_up = WrapUp.objects.filter(agent=agent, pk=wrap_up_id).first()
    if wrap_up is None:
        raise Http404
    return wrap_up


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
    with connection.cursor() as cursor:
        cursor.execute(OPEN_TO_ALL, [key, Inbox.Kind.WEBCHAT])
        found = cursor.fetchone()
    if found is None:
        raise Http404
    inbox, inbox.project = DOOR.nouns(found)
    return cast(Inbox, inbox)
