"""Who gets which conversation: strictly first in, first out, to the ready agent with the fewest.

One lock for a project's routing, its project row; whatever starts an Assignment holds it. Loads
are counted under it, never stored. Lock order: routing → conversation → screens.
"""

import datetime as dt
import heapq
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from agents.models import Agent, Project
from conversations import broadcasts
from conversations.models import Assignment, Conversation, QueueEntry

MOST_NAMED = 10  # candidates and skipped agents named in a recorded reason
IN_THIS_RUN = 2**63  # later than any stored assignment


def lock(project_id: int) -> dt.datetime:
    """Wait for this project's routing; held until the transaction ends. Returns the time.

    A statement of its own: the next one sees what the last holder committed. NO KEY, or every
    insert that refers to the project would wait for it. The time is the database's, taken under
    the lock: arrivals on several machines are stamped in the order of the line.
    """
    Project.objects.select_for_update(no_key=True).only("pk").get(pk=project_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def enqueue(conversation: Conversation, *, now: dt.datetime) -> QueueEntry:
    """Put a new conversation at the end of its campaign's line. Holds the routing lock."""
    return QueueEntry.objects.create(
        project_id=conversation.project_id,
        campaign_id=conversation.campaign_id,
        conversation=conversation,
        arrived_at=now,
        entered_at=now,
    )


def fill(project_id: int, *, now: dt.datetime | None = None) -> list[Assignment]:
    """Give out everything that can be given out now, in one go; returns what was assigned.

    `now` is what `lock` returned to a caller who holds it already.
    """
    with transaction.atomic(savepoint=False):
        now = now or lock(project_id)
        if not QueueEntry.objects.filter(project=project_id, ended_at=None).exists():
            return []
        teams = _teams(project_id)
        chosen = [
            _assignment(entry, agent, teams, now) for entry, agent in _matches(project_id, teams)
        ]
        if chosen:
            _start(chosen, now)
        return chosen


@dataclass(slots=True)
class Candidate:
    """An agent as this run of `fill` sees them; `load` grows as it assigns.

    `last` is their last assignment's id, 0 before the first: ids grow under the lock, so they
    also tell apart what one run gave out at one instant.
    """

    pk: int
    name: str
    limit: int
    load: int
    last: int
    teams: list["Team"] = field(default_factory=list)

    @property
    def rank(self) -> tuple[int, int, int]:
        """Fewest open, then longest since the last assignment, then id."""
        return self.load, self.last, self.pk

    @property
    def has_room(self) -> bool:
        return self.load < self.limit

    def take(self, turn: int) -> None:
        """One more; whoever is full by it is ready in none of their campaigns any more."""
        self.load += 1
        self.last = turn
        if not self.has_room:
            for team in self.teams:
                team.ready -= 1
                team.skipped["full"].append(self.name)


@dataclass(slots=True)
class Team:
    """A campaign's ready agents as a heap, and those passed over with the reason.

    Somebody whom another campaign has filled meanwhile is in the heap still; `ready` counts
    those with room.
    """

    heap: list[tuple[tuple[int, int, int], Candidate]] = field(default_factory=list)
    ready: int = 0
    skipped: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def best(self) -> Candidate | None:
        """The next agent; entries whose rank is out of date are put right on the way."""
        while self.heap:
            rank, agent = self.heap[0]
            if not agent.has_room:
                heapq.heappop(self.heap)
            elif rank != agent.rank:
                heapq.heapreplace(self.heap, (agent.rank, agent))
            else:
                return agent
        return None

    def add(self, agent: Candidate) -> None:
        self.heap.append((agent.rank, agent))
        self.ready += 1
        agent.teams.append(self)

    @property
    def free(self) -> int:
        return sum(agent.limit - agent.load for _, agent in self.heap)


def _teams(project_id: int) -> dict[int, Team]:
    """Every campaign's team, with loads counted now."""
    latest = Assignment.objects.filter(agent=OuterRef("pk")).order_by("-started_at", "-pk")
    agents = (
        Agent.objects.filter(project=project_id, is_active=True, is_agent=True)
        .select_related("user", "project")
        .annotate(
            is_ready=Exists(Agent.objects.accepting().filter(pk=OuterRef("pk"))),
            last_assigned=Subquery(latest.values("pk")[:1]),
        )
    )
    loads = dict(
        Assignment.objects.filter(project=project_id, ended_at=None)
        .values_list("agent")
        .annotate(Count("pk"))
    )
    candidates = {
        agent.pk: Candidate(
            agent.pk,
            agent.name,
            agent.limit,
            loads.get(agent.pk, 0),
            agent.last_assigned or 0,
        )
        for agent in agents
    }
    teams: dict[int, Team] = defaultdict(Team)
    members = Agent.campaigns.through.objects.filter(agent__in=candidates)
    by_agent = {agent.pk: agent for agent in agents}
    for campaign_id, agent_id in members.values_list("campaign", "agent"):
        agent, candidate = by_agent[agent_id], candidates[agent_id]
        team = teams[campaign_id]
        if not agent.is_ready:
            why = "not available" if not agent.is_available else "not connected"
            team.skipped[why].append(candidate.name)
        elif not candidate.has_room:
            team.skipped["full"].append(candidate.name)
        else:
            team.add(candidate)
    for team in teams.values():
        heapq.heapify(team.heap)
    return teams


def _waiting(project_id: int, teams: dict[int, Team]) -> Iterator[QueueEntry]:
    """The oldest entries, of campaigns with a free slot only, in the order of the line.

    Each campaign gives as many as it could place: the 500 oldest of a full one must not hide
    the one whose agents are free.
    """
    lines = [
        QueueEntry.objects.filter(project=project_id, campaign=campaign_id, ended_at=None).order_by(
            "-priority", "arrived_at", "pk"
        )[: team.free]
        for campaign_id, team in teams.items()
        if team.heap
    ]
    return heapq.merge(*lines, key=lambda entry: (-entry.priority, entry.arrived_at, entry.pk))


def _matches(project_id: int, teams: dict[int, Team]) -> Iterator[tuple[QueueEntry, Candidate]]:
    turns = count(IN_THIS_RUN)
    for entry in _waiting(project_id, teams):
        if agent := teams[entry.campaign_id].best():
            yield entry, agent
            agent.take(next(turns))


def _assignment(
    entry: QueueEntry, agent: Candidate, teams: dict[int, Team], now: dt.datetime
) -> Assignment:
    team = teams[entry.campaign_id]
    return Assignment(
        project_id=entry.project_id,
        campaign_id=entry.campaign_id,
        conversation_id=entry.conversation_id,
        agent_id=agent.pk,
        queue_entry=entry,
        started_at=now,
        reason=_reason(agent, team),
    )


def _reason(agent: Candidate, team: Team) -> dict[str, Any]:
    """Why this agent: their load, the other candidates with theirs, who was skipped and why."""
    ready = (other for _, other in team.heap if other.has_room and other.pk != agent.pk)
    return {
        "load": agent.load,
        "limit": agent.limit,
        "candidates": team.ready,
        "others": {other.name: other.load for other in islice(ready, MOST_NAMED)},
        "skipped": {why: names[:MOST_NAMED] for why, names in team.skipped.items()},
    }


def _start(assignments: list[Assignment], now: dt.datetime) -> None:
    """End the entries, start the assignments, say so."""
    conversations = [assignment.conversation_id for assignment in assignments]
    # Whoever stores a message at this moment holds its conversation's row: waiting for it here
    # means that either our screen shows the message or its push finds the new holder.
    list(
        Conversation.objects.select_for_update(no_key=True)
        .filter(pk__in=conversations)
        .order_by("pk")
        .values_list("pk")
    )
    QueueEntry.objects.filter(
        pk__in=[assignment.queue_entry_id for assignment in assignments]
    ).update(ended_at=Greatest(F("entered_at"), now), outcome=QueueEntry.Outcome.ASSIGNED)
    Assignment.objects.bulk_create(assignments)
    broadcasts.show_assignments(assignments)
    broadcasts.show_queue(assignments[0].project_id)


def projects_waiting() -> list[int]:
    """The projects in which somebody waits: what the clock's `rebalance` looks at."""
    return list(
        Project.objects.filter(
            Q(Exists(QueueEntry.objects.filter(project=OuterRef("pk"), ended_at=None)))
        ).values_list("pk", flat=True)
    )
