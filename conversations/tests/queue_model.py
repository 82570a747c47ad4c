"""The plain reading of domain.md, "Giving out work", in memory: no heap, no slice, no SQL.

What `routing` does with one lock, counted loads and merged lines must come to the same.
"""

from dataclasses import dataclass, field


@dataclass
class Worker:
    """An agent. `last` is the number of their last assignment, -1 before the first."""

    pk: int
    campaigns: set[int]
    own_limit: int | None = None
    is_available: bool = False
    is_active: bool = True
    is_agent: bool = True
    last: int = -1
    consoles: dict[int, str] = field(default_factory=dict)  # open ones: id → Django session

    @property
    def is_ready(self) -> bool:
        """As far as presence goes; the free slot is the queue's question."""
        return self.is_active and self.is_agent and self.is_available and bool(self.consoles)


@dataclass
class Case:
    """A conversation. `place` is its number in the order of arrival, kept for ever."""

    pk: str
    campaign: int
    place: int
    priority: int = 0
    holder: int | None = None
    why: tuple[int, int] | None = None  # the holder's load, and how many were ready
    is_ended: bool = False
    is_answered: bool = False  # the last word was the agent's
    is_opened: bool = False  # by its present holder
    missed_by: int | None = None  # from whom it was taken back a moment ago

    @property
    def is_waiting(self) -> bool:
        return not self.is_ended and self.holder is None


class Queue:
    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.workers: dict[int, Worker] = {}
        self.cases: dict[str, Case] = {}
        self.given = 0
        self.wrapping: set[int] = set()  # campaigns with a wrap-up
        self.finishing: dict[str, int] = {}  # who finishes what: it takes a slot

    def line(self) -> list[Case]:
        """Who waits: highest priority, then earliest arrival."""
        waiting = [case for case in self.cases.values() if case.is_waiting]
        return sorted(waiting, key=lambda case: (-case.priority, case.place))

    def load(self, worker: Worker) -> int:
        served = [case.holder for case in self.cases.values() if not case.is_ended]
        return [*served, *self.finishing.values()].count(worker.pk)

    def has_room(self, worker: Worker) -> bool:
        limit = self.limit if worker.own_limit is None else worker.own_limit
        return self.load(worker) < limit

    def next(self) -> tuple[Case, list[Worker]] | None:
        """The first in line whom somebody can serve, and who can: those with the fewest first, then
        whoever has waited longest for work. Not who missed it, if anybody else can."""
        for case in self.line():
            ready = [
                worker
                for worker in self.workers.values()
                if worker.is_ready and case.campaign in worker.campaigns and self.has_room(worker)
            ]
            if ready:
                ready = [w for w in ready if w.pk != case.missed_by] or ready
                return case, sorted(ready, key=lambda w: (self.load(w), w.last, w.pk))
        return None

    def fill(self) -> None:
        while match := self.next():
            case, (worker, *others) = match
            case.why = (self.load(worker), 1 + len(others))
            case.holder, case.is_opened = worker.pk, False
            worker.last, self.given = self.given, self.given + 1
        for case in self.cases.values():
            case.missed_by = None

    def arrive(self, pk: str, campaign: int, priority: int = 0) -> None:
        self.cases[pk] = Case(pk, campaign, len(self.cases), priority)

    def end(self, case: Case) -> None:
        if case.holder is not None and case.campaign in self.wrapping:
            self.finishing[case.pk] = case.holder
        case.is_ended, case.holder = True, None

    def finish(self, pks: set[int]) -> None:
        """These agents finish nothing any more."""
        self.finishing = {case: pk for case, pk in self.finishing.items() if pk not in pks}

    def take_back(self) -> None:
        """All that nobody opened, in one go."""
        for case in self.cases.values():
            if case.holder is not None and not case.is_opened:
                case.holder, case.missed_by = None, case.holder
        self.fill()

    def grace_is_over(self) -> None:
        """Who is not there wants no work any more, and who waits for their answer, waits again."""
        gone = {worker.pk for worker in self.workers.values() if not worker.consoles}
        for pk in gone:
            self.workers[pk].is_available = False
        self.finish(gone)
        for case in self.cases.values():
            if case.holder in gone and not case.is_answered:
                case.holder = None
