"""The place in the line and how long it may take: a range, or nothing where nobody can know.

From what slots really did in the last hour, not from a promise. How it is reckoned, and how often
it is right, stands in docs/figures.md.
"""

import datetime as dt
import math
import time
import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, Greatest, Now

from agents.models import Agent, Campaign
from conversations.models import Assignment, QueueEntry

WINDOW = dt.timedelta(hours=1)
LEAST_FREED = 5  # releases in the window below which nothing is said
SPREAD = 0.6745  # the middle half: one in four comes earlier, one in four later, before rounding
FRESH = 5.0  # seconds a project's forecast is used again in this process
MINUTE = 60
# How fine people read a time, by its size: up to ten minutes by the minute, and so on.
STEPS = [(10 * MINUTE, MINUTE), (30 * MINUTE, 5 * MINUTE), (120 * MINUTE, 15 * MINUTE)]
COARSEST = 30 * MINUTE

Wait = tuple[int, int]  # seconds, from – to


@dataclass(frozen=True, slots=True)
class InLine:
    """A place in a campaign's line, from 1, and how long it may still take."""

    position: int
    wait: Wait | None


@dataclass(frozen=True, slots=True)
class Hand:
    """An agent's slots: how many are taken now, how many came free in the window, and for how
    many seconds of it they were taken, together."""

    campaigns: frozenset[int]
    is_accepting: bool
    limit: int
    open: int
    freed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is known of a project's agents at one moment."""

    hands: list[Hand]

    def wait(self, campaign_id: int, ahead: Mapping[int, int]) -> Wait | None:
        """For whoever has `ahead` (campaign → how many) before them in the project's lines.

        None: nobody of the campaign accepts, somebody has room (it is immediate), or too little
        happened to know.
        """
        team = [hand for hand in self.hands if campaign_id in hand.campaigns]
        accepting = [hand for hand in team if hand.is_accepting and hand.limit > 0]
        freed, seconds = sum(hand.freed for hand in team), sum(hand.seconds for hand in team)
        if freed < LEAST_FREED or any(hand.open < hand.limit for hand in accepting):
            return None
        slots = sum(slots_of(hand) for hand in accepting)
        if not slots:
            return None
        turn = 1 + sum(n * self._shared(other, campaign_id) for other, n in ahead.items())
        return readable(*spread(turn, slots * freed / max(seconds, 1)))

    def _shared(self, other: int, campaign_id: int) -> float:
        """The part of the slots given to `other` that this campaign waits for too: an agent of
        both takes the oldest of both, one of `other` alone takes nothing away."""
        if other == campaign_id:
            return 1
        slots = Counter[bool]()
        for hand in self.hands:
            if other in hand.campaigns and hand.is_accepting:
                slots[campaign_id in hand.campaigns] += slots_of(hand)
        return slots[True] / slots.total() if slots[True] else 0


def slots_of(hand: Hand) -> int:
    """Slots whose release makes room; over the limit it makes none yet."""
    return hand.open if hand.open <= hand.limit else 0


def spread(turn: float, rate: float) -> tuple[float, float]:
    """From when to when the `turn`-th release comes, at `rate` a second: the middle half of a
    gamma distribution (Wilson and Hilferty's approximation, good to 2 % here)."""
    width = math.sqrt(1 / (9 * turn))
    low, high = (turn * (1 - 1 / (9 * turn) + z * width) ** 3 / rate for z in (-SPREAD, SPREAD))
    return low, high


def readable(low: float, high: float) -> Wait:
    """Rounded outwards to what people read; never less than a minute wide."""
    floor = int(low // step(low) * step(low))
    return floor, max(floor + MINUTE, int(math.ceil(high / step(high)) * step(high)))


def step(seconds: float) -> int:
    return next((size for below, size in STEPS if seconds <= below), COARSEST)


_known: dict[int, tuple[float, Forecast]] = {}


def forecast(project_id: int) -> Forecast:
    """Asked once every few seconds in a process, however many wait."""
    at, known = _known.get(project_id, (-math.inf, Forecast([])))
    if time.monotonic() - at > FRESH:
        known = Forecast(hands(project_id))
        _known[project_id] = time.monotonic(), known
    return known


def hands(project_id: int) -> list[Hand]:
    """The project's agents with their slots, in one statement."""
    since = Now() - WINDOW
    recent = FilteredRelation(
        "assignments", condition=Q(assignments__ended_at=None) | Q(assignments__ended_at__gt=since)
    )
    # A slot of somebody who vanished was not freed: nobody was given it.
    freed = Q(recent__ended_at__gt=since) & ~Q(recent__outcome=Assignment.Outcome.RELEASED)
    taken = Coalesce("recent__ended_at", Now()) - Greatest("recent__started_at", since)
    campaigns = Campaign.objects.filter(agents=OuterRef("pk")).values("pk")
    agents = Agent.objects.filter(project=project_id, is_active=True, is_agent=True).annotate(
        recent=recent,
        is_accepting=Exists(Agent.objects.accepting().filter(pk=OuterRef("pk"))),
        slots=Coalesce("capacity", "project__capacity"),
        team=ArraySubquery(campaigns),
        open=Count("recent", filter=Q(recent__ended_at=None)),
        freed=Count("recent", filter=freed),
        taken=Sum(taken, filter=Q(recent__isnull=False)),
    )
    return [
        Hand(frozenset(team), is_accepting, limit, held, ended, span.total_seconds() if span else 0)
        for team, is_accepting, limit, held, ended, span in agents.values_list(
            "team", "is_accepting", "slots", "open", "freed", "taken"
        )
    ]


def in_line(conversation_id: uuid.UUID) -> InLine | None:
    """Where this conversation stands; None when it does not wait."""
    entry = QueueEntry.objects.filter(conversation=conversation_id, ended_at=None).first()
    if entry is None:
        return None
    waiting = QueueEntry.objects.filter(project=entry.project_id, ended_at=None)
    older = waiting.filter(entry.is_later_than)
    ahead = dict(older.order_by().values_list("campaign").annotate(Count("pk")))
    wait = forecast(entry.project_id).wait(entry.campaign_id, ahead)
    return InLine(ahead.get(entry.campaign_id, 0) + 1, wait)


def lines(conversations: Collection[str]) -> dict[str, InLine]:
    """The same for all of these that wait, from one walk along their projects' lines."""
    wanted = set(conversations)
    waiting = QueueEntry.objects.filter(ended_at=None)
    projects = waiting.filter(conversation__in=[uuid.UUID(pk) for pk in wanted]).values("project")
    everybody = waiting.filter(project__in=projects).order_by("-priority", "arrived_at", "pk")
    ahead: dict[int, Counter[int]] = {}
    found: dict[str, InLine] = {}
    for project, campaign, pk in everybody.values_list("project", "campaign", "conversation"):
        before = ahead.setdefault(project, Counter())
        if (name := str(pk)) in wanted:
            wait = forecast(project).wait(campaign, before)
            found[name] = InLine(before[campaign] + 1, wait)
        before[campaign] += 1
    return found
