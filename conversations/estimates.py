"""The place in the line and how long it may take: a range, or nothing where nobody can know.

From what slots really did in the last hour, not from a promise. How it is reckoned, and how often
it is right, stands in docs/figures.md.
"""

import datetime as dt
import math
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, Greatest, Now

from agents.models import Agent, Campaign
from conversations.models import Assignment

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


@dataclass(frozen=True)
class Forecast:
    """What is known of a project's agents at one moment. What is the same for everybody who waits
    is reckoned once."""

    hands: list[Hand]
    rates: dict[int, float | None] = field(default_factory=dict)
    shares: dict[tuple[int, int], float] = field(default_factory=dict)

    def wait(self, campaign_id: int, ahead: Mapping[int, int]) -> Wait | None:
        """For whoever has `ahead` (campaign → how many) before them in the project's lines.

        None: nobody of the campaign accepts, somebody has room (it is immediate), or too little
        happened to know.
        """
        if campaign_id not in self.rates:
            self.rates[campaign_id] = self._rate(campaign_id)
        if (rate := self.rates[campaign_id]) is None:
            return None
        turn = 1 + sum(n * self._shared(other, campaign_id) for other, n in ahead.items())
        return readable(*spread(turn, rate))

    def _rate(self, campaign_id: int) -> float | None:
        """Releases a second that make room in this campaign."""
        team = [hand for hand in self.hands if campaign_id in hand.campaigns]
        accepting = [hand for hand in team if hand.is_accepting and hand.limit > 0]
        freed, seconds = sum(hand.freed for hand in team), sum(hand.seconds for hand in team)
        if freed < LEAST_FREED or any(hand.open < hand.limit for hand in accepting):
            return None
        slots = sum(slots_of(hand) for hand in accepting)
        return slots * freed / max(seconds, 1) or None

    def _shared(self, other: int, campaign_id: int) -> float:
        """The part of the slots given to `other` that this campaign waits for too: an agent of
        both takes the oldest of both, one of `other` alone takes nothing away."""
        if other == campaign_id:
            return 1
        if (other, campaign_id) not in self.shares:
            slots = Counter[bool]()
            for hand in self.hands:
                if other in hand.campaigns and hand.is_accepting:
                    slots[campaign_id in hand.campaigns] += slots_of(hand)
            part = slots[True] / slots.total() if slots[True] else 0
            self.shares[other, campaign_id] = part
        return self.shares[other, campaign_id]


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


# A project's line, cut before each of those who are asked for: who stands first in a stretch (in
# the first one perhaps nobody), of which campaign, and how many of each campaign are in it.
STRETCHES = """
WITH line AS (
    SELECT project_id, campaign_id, conversation_id,
           conversation_id = ANY(%(wanted)s) AS is_wanted,
           count(*) FILTER (WHERE conversation_id = ANY(%(wanted)s)) OVER (
               PARTITION BY project_id ORDER BY priority DESC, arrived_at, id) AS stretch
    FROM conversations_queueentry
    WHERE ended_at IS NULL AND project_id IN (
        SELECT project_id FROM conversations_queueentry
        WHERE ended_at IS NULL AND conversation_id = ANY(%(wanted)s))
), counted AS (
    SELECT project_id, stretch, campaign_id, count(*) AS people,
           (array_agg(conversation_id) FILTER (WHERE is_wanted))[1] AS first
    FROM line GROUP BY project_id, stretch, campaign_id
)
SELECT project_id, (array_agg(first) FILTER (WHERE first IS NOT NULL))[1],
       max(campaign_id) FILTER (WHERE first IS NOT NULL), json_object_agg(campaign_id, people)
FROM counted GROUP BY project_id, stretch ORDER BY project_id, stretch
"""

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
    # A slot of somebody who vanished or does not look was not freed: nobody was served in it.
    unserved = [Assignment.Outcome.RELEASED, Assignment.Outcome.MISSED]
    freed = Q(recent__ended_at__gt=since) & ~Q(recent__outcome__in=unserved)
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
    return lines([str(conversation_id)]).get(str(conversation_id))


def lines(conversations: Collection[str]) -> dict[str, InLine]:
    """The same for all of these that wait: PostgreSQL walks along their projects' lines, and tells
    how many of each campaign stand from one of these to the next."""
    ahead: dict[int, Counter[int]] = defaultdict(Counter)
    found: dict[str, InLine] = {}
    wanted = [uuid.UUID(pk) for pk in conversations]
    with connection.cursor() as cursor:
        cursor.execute(STRETCHES, {"wanted": wanted})
        stretches = cursor.fetchall()
    for project, first, campaign, campaigns in stretches:
        before = ahead[project]
        if first:
            wait = forecast(project).wait(campaign, before)
            found[str(first)] = InLine(before[campaign] + 1, wait)
        before.update({int(pk): count for pk, count in campaigns.items()})
    return found
