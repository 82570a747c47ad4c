"""A transfer that waits for a yes (a project's option). While it is open it holds a slot of whom it
was made to, and the conversation stays its sender's."""

import datetime as dt
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from agents import publishing
from agents.models import Agent
from conversations import broadcasts, colleagues, handing, routing
from conversations.models import Assignment, Conversation, Offer
from conversations.teams import Given

ANSWER_WITHIN = dt.timedelta(seconds=60)
EXPIRE = "conversations.tasks.expire_offers"


class NotOpen(Exception):
    """It was answered, withdrawn or too late already."""


class NoRoom(Exception):
    """The limit was lowered meanwhile: whoever accepts has no slot for it any more."""


def offer(
    *, conversation: Conversation, taker: Agent, sender: Agent, note: str, now: dt.datetime
) -> Offer:
    """Made by `transferring`, which holds the lock and found that the taker is ready."""
    made = Offer.objects.create(
        project_id=conversation.project_id,
        conversation=conversation,
        agent=taker,
        sender=sender,
        note=note.strip(),
        started_at=now,
        expires_at=now + ANSWER_WITHIN,
    )
    _show(made)
    ring = partial(publishing.ring, EXPIRE, countdown=ANSWER_WITHIN.total_seconds())
    transaction.on_commit(ring, robust=True)
    return made


def accept(*, agent: Agent, offer: Offer) -> list[Given]:
    """It is theirs from now on; the sender's slot takes in the next one. Raises NotOpen, NoRoom."""
    with transaction.atomic():
        now = routing.lock(offer.project_id)
        held = _held(offer)
        if held is None or not _close(offer, Offer.Outcome.ACCEPTED, now):
            raise NotOpen
        colleague = colleagues.one(agent)
        if not colleague.free or not colleague.may_answer:
            raise NoRoom
        handing.hand_over([held], taker=agent, giver=offer.sender, note=offer.note, now=now)
        return routing.fill(offer.project_id, now=now)


def refuse(*, offer: Offer) -> None:
    """Not now: it stays where it is. Raises NotOpen."""
    _end(offer, Offer.Outcome.REFUSED)


def withdraw(*, offer: Offer) -> None:
    """The sender takes it back. Raises NotOpen."""
    _end(offer, Offer.Outcome.WITHDRAWN)


def withdraw_open(
    conversation: Conversation, *, now: dt.datetime, taker: Agent | None = None
) -> None:
    """It ends, returns to the queue or goes elsewhere: nobody (or only not `taker`) may accept it
    any more. For whoever holds the lock, and fills afterwards."""
    made_to = {"agent": taker} if taker else {}
    for each in _open().filter(conversation=conversation, **made_to):
        _close(each, Offer.Outcome.WITHDRAWN, now)


def refuse_all(agent: Agent, *, now: dt.datetime) -> None:
    """Whoever goes home accepts nothing. For whoever holds the lock, and fills afterwards."""
    for each in _open().filter(agent=agent):
        _close(each, Offer.Outcome.REFUSED, now)


def expire() -> list[Offer]:
    """End those that nobody answered in time. Two workers at once end each once."""
    late = _open().filter(expires_at__lte=Now()).order_by("project").values_list("project")
    return [each for (pk,) in late.distinct() for each in _expire(pk)]


def _expire(project_id: int) -> list[Offer]:
    with transaction.atomic():
        now = routing.lock(project_id)
        late = _open().filter(project=project_id, expires_at__lte=now)
        ended = [each for each in late if _close(each, Offer.Outcome.EXPIRED, now)]
        routing.fill(project_id, now=now)
        return ended


def _end(offer: Offer, outcome: str) -> None:
    with transaction.atomic():
        now = routing.lock(offer.project_id)
        if not _close(offer, outcome, now):
            raise NotOpen
        routing.fill(offer.project_id, now=now)


def _close(offer: Offer, outcome: str, now: dt.datetime) -> bool:
    closed = Offer.objects.filter(pk=offer.pk, ended_at=None).update(ended_at=now, outcome=outcome)
    if closed and outcome == Offer.Outcome.ACCEPTED:
        broadcasts.show_offers(offer.agent_id)  # the sender's thread goes altogether
    elif closed:
        _show(offer)
    return bool(closed)


def _show(offer: Offer) -> None:
    """To whom it was made, with their slots; and in the sender's thread."""
    broadcasts.show_offers(offer.agent_id)
    broadcasts.show_offered(offer.conversation, offer.sender_id)


def _open() -> QuerySet[Offer]:
    return Offer.objects.filter(ended_at=None).select_related("conversation")


def _held(offer: Offer) -> Assignment | None:
    """What the sender would give away, its conversation locked: before any screen."""
    spans = Assignment.objects.filter(
        conversation=offer.conversation_id, agent=offer.sender_id, ended_at=None
    )
    related = spans.select_related("conversation__contact", "conversation__identity")
    return related.select_for_update(no_key=True, of=("conversation",)).first()
