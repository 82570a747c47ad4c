"""Who gets which conversation: strictly first in, first out, to the ready agent with the fewest.

One lock for a project's routing, its project row; whatever starts an Assignment holds it. Loads
are counted under it, never stored. Lock order: routing → conversation → screens.
"""

import datetime as dt
import heapq
from collections import defaultdict
from collections.abc import Iterator
from itertools import count

from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from agents import counting
from agents.models import Agent, Project
from conversations import broadcasts
from conversations.models import Assignment, Conversation, QueueEntry
from conversations.teams import Candidate, Team

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


@counting.fills.time()
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
        team.campaign = campaign_id
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
        reason=team.reason(agent),
    )


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
