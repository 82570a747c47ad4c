"""An agent goes home: what they end or pass on before, and what becomes of the rest.

Whoever waits for an answer goes back to the queue at once, with their place; the others stay where
they are and go back the moment they write. An agent who is back before has them still
(`attending.arrive`).
"""

import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from agents import presence, publishing
from agents.models import Agent, User
from conversations import attending, closing, listing, offering, releasing, routing
from conversations.models import Assignment, Conversation

# A message that was on its way while we left may not have seen it: the clock looks once more.
AGAIN = "conversations.tasks.rebalance"
SOON = 1.0  # seconds


def held_by(user: User) -> list[tuple[Agent, list[listing.Row]]]:
    """What the person serves now, by their places in projects; empty when nothing is open."""
    agents = Agent.objects.filter(user=user).select_related("project", "user")
    held = [(agent, listing.held_by(agent)) for agent in agents]
    return [(agent, rows) for agent, rows in held if rows]


def left_by(user: User) -> set[uuid.UUID]:
    """Those of them that were left already and stay until the customer writes."""
    left = Assignment.objects.filter(agent__user=user, ended_at=None).exclude(left_at=None)
    return set(left.values_list("conversation", flat=True))


def sign_out(*, user: User, session_key: str) -> list[Conversation]:
    """End this session, and where it was the person's last console leave what is open. Returns
    what went back to the queue."""
    gone = attending.sign_out(user=user, session_key=session_key)
    return [conversation for agent in gone for conversation in leave(agent=agent)]


def leave(*, agent: Agent) -> list[Conversation]:
    """Whatever the agent serves is left; nothing is, while they are at another console. Returns
    what went back to the queue."""
    with transaction.atomic():
        now = routing.lock(agent.project_id)
        if presence.is_connected(agent):
            return []
        _leave(_served(agent))
        offering.refuse_all(agent, now=now)
        routing.fill(agent.project_id, now=now)
    return _return(_served(agent))


def leave_one(*, agent: Agent, conversation: Conversation) -> bool:
    """This one alone, before going; whether it went back to the queue at once. Raises
    closing.AlreadyDone when the agent does not hold it any more."""
    with transaction.atomic():
        routing.lock(agent.project_id)
        if not _leave(_served(agent).filter(conversation=conversation)):
            raise closing.AlreadyDone
    return bool(_return(_served(agent).filter(conversation=conversation)))


def _served(agent: Agent) -> QuerySet[Assignment]:
    return Assignment.objects.filter(agent=agent, ended_at=None)


def _leave(served: QuerySet[Assignment]) -> int:
    """How many. Whoever stores a message at this moment holds its conversation: it is waited for,
    so that whether the customer waits for an answer is known afterwards."""
    conversations = Conversation.objects.filter(assignments__in=served)
    list(conversations.order_by("pk").select_for_update(no_key=True, of=("self",)))
    return served.update(left_at=Now())


def _return(served: QuerySet[Assignment]) -> list[Conversation]:
    returned = releasing.release_all(served.exclude(left_at=None))
    publishing.ring(AGAIN, countdown=SOON)
    return returned
