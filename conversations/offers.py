"""The open offers as screens show them: at the top of the taker's list, in the sender's thread."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import ExpressionWrapper, F, QuerySet, fields
from django.db.models.functions import Now

from conversations.models import Offer

TOLD = dt.timedelta(minutes=2)  # how long a thread says that nobody took it


def made_to(agent_id: int) -> list[Offer]:
    """What waits for this agent's yes, the oldest first. Each with `age`, since it was made."""
    offers = _aged().filter(agent=agent_id, ended_at=None).order_by("started_at", "pk")
    return list(
        offers.select_related(
            "sender__user",
            "conversation__contact",
            "conversation__identity",
            "conversation__inbox",
            "project",
        )
    )


def context_of(conversation_id: uuid.UUID, sender_id: int) -> dict[str, Any]:
    """What `_offered.html` shows: the sender's last offer of what they serve, while it is open or
    was turned down a moment ago."""
    offers = _aged().filter(
        conversation=conversation_id,
        sender=sender_id,
        conversation__assignments__agent=sender_id,
        conversation__assignments__ended_at=None,
        started_at__gte=F("conversation__assignments__started_at"),
    )
    last = offers.select_related("agent__user", "project").order_by("-pk").first()
    is_told = last and last.outcome in ("", Offer.Outcome.REFUSED, Offer.Outcome.EXPIRED)
    if last and last.ended_at and last.age > TOLD:  # type: ignore[attr-defined]
        is_told = False
    return {"offer": last if is_told else None, "conversation_id": conversation_id}


def _aged() -> QuerySet[Offer]:
    age = ExpressionWrapper(Now() - F("started_at"), fields.DurationField())
    return Offer.objects.annotate(age=age)
