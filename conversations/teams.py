"""Who of a campaign's agents is next, in memory: what one run of `routing.fill` works with."""

import datetime as dt
import heapq
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

MOST_NAMED = 10  # candidates and skipped agents named in a recorded reason


@dataclass(slots=True)
class Candidate:
    """An agent as this run of `fill` sees them; `load` grows as it assigns.

    `last` is their last assignment's id, 0 before the first: ids grow under the lock, so they
    also tell apart what one run gave out at one instant.
    """

    pk: int
    name: str
    first_name: str  # what a customer sees
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

    campaign: int = 0
    heap: list[tuple[tuple[int, int, int], Candidate]] = field(default_factory=list)
    ready: int = 0
    skipped: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def best(self, but: int | None = None) -> Candidate | None:
        """The next agent. `but`, the id of one, is next only where nobody else is ready."""
        first = self._best()
        if first is None or first.pk != but:
            return first
        heapq.heappop(self.heap)
        other = self._best()
        heapq.heappush(self.heap, (first.rank, first))
        return other or first

    def _best(self) -> Candidate | None:
        """Entries whose rank is out of date are put right on the way."""
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

    def reason(self, agent: Candidate, but: int | None = None) -> dict[str, Any]:
        """Why this agent: their load, the other candidates with theirs, who was skipped and why
        (`but` is who missed it); and their campaigns, where several: whether all of them were kept
        to is proven later."""
        several = sorted(team.campaign for team in agent.teams)
        others = (other for _, other in self.heap if other.has_room and other.pk != agent.pk)
        skipped = {why: names[:MOST_NAMED] for why, names in self.skipped.items()}
        if but is not None:
            ready = list(others)
            others = (other for other in ready if other.pk != but)
            if missed := [other.name for other in ready if other.pk == but]:
                skipped["missed it"] = missed
        return {
            "load": agent.load,
            "limit": agent.limit,
            "candidates": self.ready - ("missed it" in skipped),
            "others": {other.name: other.load for other in islice(others, MOST_NAMED)},
            "skipped": skipped,
            **({"campaigns": several} if len(several) > 1 else {}),
        }


@dataclass(slots=True)
class Waiting:
    """A queue entry as a run of `fill` sees it."""

    priority: int
    arrived_at: dt.datetime
    pk: int
    campaign_id: int
    conversation_id: uuid.UUID
    identity_id: int


@dataclass(slots=True)
class Given:
    """Who was given what, and why: what becomes an Assignment."""

    entry: Waiting
    agent: Candidate
    reason: dict[str, Any]

    @property
    def agent_id(self) -> int:
        return self.agent.pk

    @property
    def conversation_id(self) -> uuid.UUID:
        return self.entry.conversation_id
