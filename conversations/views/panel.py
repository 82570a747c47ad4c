"""What stands beside a thread, for whoever looks at it."""

from typing import Any

from django.http import Http404

from agents.models import Agent
from conversations import access, archive
from conversations.holding import Holding
from conversations.models import Conversation
from conversations.portraits import portrait

MOST_PREVIOUS = 5


def panel(agent: Agent, conversation: Conversation, holding: Holding) -> dict[str, Any]:
    """`previous_count` is counted only where there are more than are shown."""
    previous = archive.previous(agent, conversation, is_served=holding.is_mine)
    rows = archive.with_words(previous[: MOST_PREVIOUS + 1]) if holding.has_previous else []
    are_all = len(rows) <= MOST_PREVIOUS
    return {
        "portrait": portrait(conversation),
        "may_change": holding.is_mine or may_change(agent, conversation),
        "previous": rows[:MOST_PREVIOUS],
        "previous_count": len(rows) if are_all else previous.count(),
    }


def may_change(agent: Agent, conversation: Conversation) -> bool:
    try:
        return bool(access.contact_for(agent, conversation.contact_id))
    except Http404:
        return False
