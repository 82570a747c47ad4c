"""A conversation ends, with the reason why: the agent chooses a typification, an ending without
an agent takes a reserved one."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import DateTimeField, F, Func, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from agents.models import Agent
from conversations import broadcasts, offering, routing, wrapping_up
from conversations.models import Assignment, Conversation, QueueEntry, Typification
from conversations.teams import Given

# The time when the row is ours: a message that was first is also earlier.
IN_TURN = Func(function="clock_timestamp", output_field=DateTimeField())


class AlreadyDone(Exception):
    """Somebody else was first."""


def end(
    *,
    agent: Agent,
    conversation: Conversation,
    typification: Typification,
    comment: str = "",
) -> list[Given]:
    """End it and give the freed slot to the head of the queue; returns what was assigned.

    Raises AlreadyDone when the agent does not hold it any more, ValidationError (by field) for
    a typification that is not offered here or asks for a comment.
    """
    check(offered(conversation), typification, comment)
    with transaction.atomic():
        now = routing.lock(conversation.project_id)
        if not _close(conversation, typification, comment, agent):
            raise AlreadyDone
        mine = Assignment.objects.filter(conversation=conversation, agent=agent, ended_at=None)
        served = mine.select_related("campaign").first()
        if not served or not mine.update(ended_at=now, outcome=Assignment.Outcome.ENDED):
            raise AlreadyDone
        wrapping_up.begin(served, now=now)
        offering.withdraw_open(conversation, now=now)
        broadcasts.drop_conversation(conversation, agent.pk)
        broadcasts.tell_state(conversation, "ended")
        broadcasts.show_queue(conversation.project_id)
        return routing.fill(conversation.project_id, now=now)


def abandon(*, conversation: Conversation) -> bool:
    """The customer left while waiting; False when it was not waiting (any more)."""
    with transaction.atomic():
        now = routing.lock(conversation.project_id)
        left = QueueEntry.objects.filter(conversation=conversation, ended_at=None).update(
            ended_at=Greatest(F("entered_at"), now), outcome=QueueEntry.Outcome.ABANDONED
        )
        if not left:
            return False
        _close(conversation, reserved(conversation.project_id, Typification.Reserved.ABANDONED))
        broadcasts.tell_state(conversation, "ended")
        broadcasts.show_queue(conversation.project_id)
        return True


def shut(*, conversation: Conversation, agent: Agent, comment: str, now: dt.datetime) -> None:
    """Their contact was blocked: it ends, served or waiting, without anybody choosing why. Holds
    the routing lock, taken at `now`; the caller gives out the freed slot."""
    kind = reserved(conversation.project_id, Typification.Reserved.BLOCKED)
    if not _close(conversation, kind, comment, agent):
        return
    span = {"conversation": conversation, "ended_at": None}
    served = list(Assignment.objects.filter(**span).values_list("agent", flat=True))
    Assignment.objects.filter(**span).update(ended_at=now, outcome=Assignment.Outcome.ENDED)
    offering.withdraw_open(conversation, now=now)
    QueueEntry.objects.filter(**span).update(
        ended_at=Greatest(F("entered_at"), now), outcome=QueueEntry.Outcome.ABANDONED
    )
    for holder in served:
        broadcasts.drop_conversation(conversation, holder)
    broadcasts.tell_state(conversation, "ended")
    broadcasts.show_queue(conversation.project_id)


def let_go(assignment: Assignment, kind: str, *, now: dt.datetime) -> None:
    """Served, and over without the agent's doing, with a reserved typification. Holds the routing
    lock and the conversation's row; whoever calls fills."""
    conversation = assignment.conversation
    _close(conversation, reserved(assignment.project_id, kind))
    Assignment.objects.filter(pk=assignment.pk, ended_at=None).update(
        ended_at=now, outcome=Assignment.Outcome.ENDED
    )
    offering.withdraw_open(conversation, now=now)
    broadcasts.drop_conversation(conversation, assignment.agent_id)
    broadcasts.tell_state(conversation, "ended", reason=kind)
    broadcasts.show_queue(assignment.project_id)


def offered(conversation: Conversation) -> QuerySet[Typification]:
    return offered_in(conversation.project_id, [conversation.campaign_id])


def offered_in(project_id: int, campaigns: Iterable[int]) -> QuerySet[Typification]:
    """What the dialog lists: active, not reserved, of these campaigns or for all, no groups."""
    return Typification.objects.filter(
        Q(campaign=None) | Q(campaign__in=campaigns),
        project=project_id,
        is_active=True,
        reserved="",
        children=None,
    ).select_related("parent")


def check(among: QuerySet[Typification], typification: Typification, comment: str) -> None:
    """Raises ValidationError, by field, with a sentence for the person who chose."""
    if not among.filter(pk=typification.pk).exists():
        raise ValidationError({"typification": _("Choose a typification from the list.")})
    if typification.needs_comment and not comment.strip():
        raise ValidationError({"comment": _("This typification asks for a comment.")})


def reserved(project_id: int, kind: str) -> Typification:
    """The project's reserved typification of that kind, made on first need.

    Nobody reads its name (it shows as what it is reserved for); in brackets it is in the way of
    no group that a supervisor calls "bot".
    """
    return Typification.objects.get_or_create(
        project_id=project_id,
        reserved=kind,
        defaults={"name": f"({kind})", "is_active": False},
    )[0]


def _close(
    conversation: Conversation,
    typification: Typification,
    comment: str = "",
    agent: Agent | None = None,
) -> bool:
    closed = Conversation.objects.filter(pk=conversation.pk, ended_at=None).update(
        ended_at=IN_TURN,
        ended_by=agent,
        typification=typification,
        comment=comment.strip(),
    )
    conversation.refresh_from_db(fields=["ended_at", "ended_by", "typification", "comment"])
    return bool(closed)
