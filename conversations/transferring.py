"""An agent gives away what they hold: to a ready colleague, or to a campaign's queue.

Whoever holds it decides, a supervisor for everybody. Nothing is given to somebody who could not be
given it by the queue: the same questions, under the same lock.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet

from agents.models import Agent, Campaign
from conversations import broadcasts, closing, colleagues, handing, offering, routing
from conversations.colleagues import Obstacle
from conversations.models import Assignment, Conversation, Offer
from conversations.teams import Given


class CannotTake(Exception):
    """Whoever was chosen cannot take it: nothing was changed."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


@dataclass(slots=True)
class Handed:
    """What went to a colleague (or is offered to them), and what did not fit."""

    gone: list[Conversation] = field(default_factory=list)
    stays: list[Conversation] = field(default_factory=list)
    are_offers: bool = False


def to_agent(
    *,
    agent: Agent,
    conversation: Conversation,
    taker: Agent,
    note: str = "",
    is_supervisor: bool = False,
) -> Offer | None:
    """At once, or as an offer where the project wants it so; the offer is returned.

    Raises CannotTake, and closing.AlreadyDone when the agent does not hold it any more.
    """
    with transaction.atomic():
        now = routing.lock(conversation.project_id)
        held = _held(agent, conversation, is_supervisor)
        offering.withdraw_open(conversation, now=now)
        _ask(taker, held.agent_id)
        made = None
        if conversation.project.transfers_are_offers and not is_supervisor:
            made = offering.offer(
                conversation=held.conversation, taker=taker, sender=agent, note=note, now=now
            )
        else:
            handing.hand_over([held], taker=taker, giver=agent, note=note, now=now)
        routing.fill(conversation.project_id, now=now)
        return made


def to_campaign(
    *,
    agent: Agent,
    conversation: Conversation,
    campaign: Campaign,
    note: str = "",
    is_supervisor: bool = False,
) -> list[Given]:
    """Into its queue with the original arrival time, or straight to whoever is ready there; that
    may be the same agent. Returns what was assigned. Raises closing.AlreadyDone."""
    with transaction.atomic():
        now = routing.lock(conversation.project_id)
        held = _held(agent, conversation, is_supervisor)
        offering.withdraw_open(conversation, now=now)
        parted = handing.part(held, giver=agent, note=note, now=now)
        handing.move(held.conversation, campaign.pk)
        routing.enqueue_again(held.conversation, now=now)
        handing.show_parted(parted)
        broadcasts.tell_state(held.conversation, "queued")
        broadcasts.show_queue(conversation.project_id)
        return routing.fill(conversation.project_id, now=now)


def all_of(*, agent: Agent, taker: Agent, note: str = "") -> Handed:
    """Everything the agent holds, in the order in which it came to them, as far as the taker has
    slots; what does not fit stays. Raises CannotTake when nothing does."""
    with transaction.atomic():
        now = routing.lock(agent.project_id)
        held = list(_spans().filter(agent=agent).order_by("started_at", "pk"))
        for span in held:  # what is offered to them already takes the slot it will take
            offering.withdraw_open(span.conversation, now=now, taker=taker)
        room = _ask(taker, agent.pk)
        fits, rest = held[:room], held[room:]
        for span in fits:
            offering.withdraw_open(span.conversation, now=now)
        if agent.project.transfers_are_offers:
            _offer(fits, taker, note, now)
        elif fits:
            handing.hand_over(fits, taker=taker, giver=agent, note=note, now=now)
        routing.fill(agent.project_id, now=now)
        return Handed(
            [span.conversation for span in fits],
            [span.conversation for span in rest],
            agent.project.transfers_are_offers,
        )


def _offer(fits: list[Assignment], taker: Agent, note: str, now: dt.datetime) -> None:
    for span in fits:
        offering.offer(
            conversation=span.conversation, taker=taker, sender=span.agent, note=note, now=now
        )


def _held(agent: Agent, conversation: Conversation, is_supervisor: bool) -> Assignment:
    held = _spans().filter(conversation=conversation)
    found = (held if is_supervisor else held.filter(agent=agent)).first()
    if found is None:
        raise closing.AlreadyDone
    return found


def _spans() -> QuerySet[Assignment]:
    """With their conversations locked: before any screen, as a customer's message does it."""
    spans = Assignment.objects.filter(ended_at=None).select_related(
        "agent", "conversation__contact", "conversation__identity", "conversation__project"
    )
    return spans.select_for_update(no_key=True, of=("conversation",))


def _ask(taker: Agent, holder_id: int) -> int:
    """How many slots the taker has free now; raises CannotTake for none."""
    if taker.pk == holder_id:
        raise CannotTake(Obstacle.SELF)
    colleague = colleagues.one(taker)
    if colleague.obstacle:
        raise CannotTake(Obstacle(colleague.obstacle))
    return colleague.free
