"""The rows of an agent's list: everything `_item.html` shows, in one query."""

from collections.abc import Iterable
from typing import Any

from django.db.models import (
    Count,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from agents.models import Agent
from conversations.models import Assignment, Conversation, Message


def rows() -> QuerySet[Any]:
    """Served conversations with what a row shows; newest message first.

    `unread` counts the customer's messages after what the agent has seen; `waiting_since` is
    when the customer wrote the first of those that nobody has answered.
    """
    mine = Message.objects.filter(conversation=OuterRef("pk"))
    unread = mine.filter(author=Message.Author.CONTACT, seq__gt=OuterRef("agent_read_seq"))
    answered = mine.filter(author=Message.Author.AGENT).order_by("-seq").values("seq")[:1]
    waiting = mine.filter(author=Message.Author.CONTACT, seq__gt=Coalesce(OuterRef("answered"), 0))
    count = unread.order_by().values("conversation").annotate(n=Count("pk")).values("n")
    served: QuerySet[Any] = (
        Conversation.objects.filter(ended_at=None)
        .annotate(
            holding=FilteredRelation("assignments", condition=Q(assignments__ended_at=None)),
            last=FilteredRelation("messages", condition=Q(messages__seq=F("last_seq"))),
            answered=Subquery(answered),
        )
        .annotate(
            served_by=F("holding__agent"),
            opened_at=F("holding__opened_at"),
            assigned_at=F("holding__started_at"),
            last_text=F("last__text"),
            last_event=F("last__event"),
            last_author=F("last__author"),
            last_agent_id=F("last__agent"),
            last_at=Coalesce(F("last__created_at"), F("started_at")),
            unread=Coalesce(Subquery(count, output_field=IntegerField()), 0),
            waiting_since=Subquery(waiting.order_by("seq").values("created_at")[:1]),
        )
    )
    return (
        served.filter(served_by__isnull=False)
        .select_related("project", "inbox", "contact", "identity", "campaign")
        .order_by("-last_at")
    )


def held_by(agent: Agent) -> QuerySet[Any]:
    """The agent's list."""
    return rows().filter(served_by=agent.pk)


def some(ids: Iterable[Any]) -> dict[int, list[Conversation]]:
    """These rows, by the agent who holds each now."""
    by_agent: dict[Any, list[Conversation]] = {}
    for row in rows().filter(pk__in=list(ids)):
        by_agent.setdefault(row.served_by, []).append(row)
    return by_agent


def loads(agent_ids: Iterable[int]) -> dict[int, int]:
    """Open conversations per agent: the slots in use."""
    return dict(
        Assignment.objects.filter(agent__in=list(agent_ids), ended_at=None)
        .values_list("agent")
        .annotate(Count("pk"))
    )
