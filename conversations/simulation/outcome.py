"""What a run came to, asked of the database afterwards: waits, assignments, what was stored."""

import datetime as dt
import statistics
import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any

from agents.models import Project
from conversations import invariants
from conversations.models import Assignment, Message, QueueEntry
from conversations.simulation.customer import Customer


@dataclass(frozen=True)
class Work:
    """An agent's share. `most` is how many they had at one time; the limit is of now."""

    name: str
    assignments: int
    most: int
    limit: int


@dataclass(frozen=True)
class Outcome:
    """Durations in seconds. `missing` are ids that were promised and are not there."""

    customers: int
    attended: int
    at_once: int
    left: int
    waiting: int
    waits: list[float]
    acks: list[float]
    messages: int
    answers: int
    missing: list[str]
    unseen: list[str]
    broken: list[str]
    problems: list[str]
    work: list[Work] = field(default_factory=list)

    @property
    def spread(self) -> int:
        """Most minus fewest assignments among the agents."""
        shares = [share.assignments for share in self.work]
        return max(shares) - min(shares) if shares else 0

    @property
    def is_whole(self) -> bool:
        """Nothing lost, no promise broken, nobody refused."""
        return not (self.missing or self.unseen or self.broken or self.problems)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "spread": self.spread, "whole": self.is_whole}


def quantile(values: list[float], share: float) -> float | None:
    """The smallest value that at least that share of the values does not exceed."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, int(share * len(ordered) + 0.999999) - 1))]


def mean(values: list[float]) -> float | None:
    return statistics.fmean(values) if values else None


def of(
    project: Project, customers: list[Customer], problems: list[str], since: dt.datetime
) -> Outcome:
    """`since`: when the run began, by the database's clock."""
    ids = {uuid.UUID(customer.conversation) for customer in customers if customer.conversation}
    entries = QueueEntry.objects.filter(conversation__in=ids, is_first=True)
    assigned = entries.filter(outcome=QueueEntry.Outcome.ASSIGNED)
    waits = [
        (ended - arrived).total_seconds()
        for arrived, ended in assigned.values_list("arrived_at", "ended_at")
        if ended
    ]
    stored = Message.objects.filter(conversation__in=ids)
    written = {
        str(pk) for pk in stored.filter(author="contact").values_list("client_id", flat=True)
    }
    return Outcome(
        customers=len(customers),
        attended=len(waits),
        at_once=sum(1 for wait in waits if wait == 0),
        left=entries.filter(outcome=QueueEntry.Outcome.ABANDONED).count(),
        waiting=entries.filter(ended_at=None).count(),
        waits=waits,
        acks=[seconds for customer in customers for seconds in customer.acked.values()],
        messages=len(written),
        answers=stored.filter(author="agent").count(),
        missing=[pk for customer in customers for pk in customer.acked if pk not in written],
        unseen=_unseen(customers),
        broken=[
            finding.invariant.name
            for finding in invariants.check(project_id=project.pk, since=since)
            if not finding.holds
        ],
        problems=problems + [text for customer in customers for text in customer.refused],
        work=_work(project, ids),
    )


def _unseen(customers: list[Customer]) -> list[str]:
    """Answers that customers who stayed until the end did not get."""
    stayed = {
        uuid.UUID(customer.conversation): set(customer.heard)
        for customer in customers
        if customer.conversation and customer.stage == "ended"
    }
    answers = Message.objects.filter(conversation__in=stayed, author="agent")
    return [
        str(pk)
        for pk, conversation in answers.values_list("client_id", "conversation")
        if str(pk) not in stayed[conversation]
    ]


def _work(project: Project, ids: Collection[uuid.UUID]) -> list[Work]:
    """Whoever got one of them, or was connected and could have."""
    spans: dict[int, list[tuple[dt.datetime, dt.datetime | None]]] = {}
    agents = {agent.pk: agent for agent in project.agents.accepting().select_related("user")}
    rows = Assignment.objects.filter(conversation__in=ids).select_related("agent__user")
    for row in rows.select_related("agent__user", "agent__project"):
        agents[row.agent_id] = row.agent
        spans.setdefault(row.agent_id, []).append((row.started_at, row.ended_at))
    work = [
        Work(agent.name, len(spans.get(pk, [])), _most(spans.get(pk, [])), agent.limit)
        for pk, agent in agents.items()
    ]
    return sorted(work, key=lambda share: share.name)


def _most(spans: list[tuple[dt.datetime, dt.datetime | None]]) -> int:
    """How many of the spans lay over each other at most; one that ends frees its slot first."""
    steps = sorted(
        [(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans if end is not None]
    )
    open_now = most = 0
    for _, step in steps:
        open_now += step
        most = max(most, open_now)
    return most
