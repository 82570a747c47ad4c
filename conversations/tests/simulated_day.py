"""A simulated day of one campaign, and its agents as estimates see them."""

import heapq
import random
from collections import Counter

from conversations.estimates import MINUTE, Forecast, Hand, Wait

SUPPORT, SALES = 1, 2


def hand(*campaigns: int, **facts: object) -> Hand:
    usual = {"is_accepting": True, "limit": 6, "open": 6, "freed": 12, "seconds": 6 * 3600.0}
    return Hand(frozenset(campaigns or {SUPPORT}), **usual | facts)  # type: ignore[arg-type]


def middle(wait: Wait | None) -> float:
    assert wait
    return sum(wait) / 2


class Day:
    """A simulated day of one campaign: agents, slots, handling times that are anything but
    exponential, more customers than slots. Keeps what was said to each, and how long it took."""

    def __init__(self, chance: random.Random, *, agents: int, slots: int, minutes: float) -> None:
        self.chance, self.agents, self.slots, self.minutes = chance, agents, slots, minutes
        self.held: list[tuple[float, float, int]] = []  # ends, started, agent
        self.past: list[tuple[float, float, int]] = []
        self.line: list[tuple[float, Wait | None]] = []
        self.told: list[tuple[Wait, float]] = []
        self.silent = 0

    def run(self, hours: float) -> None:
        now, due = 0.0, 0.0
        load = self.agents * self.slots / (self.minutes * MINUTE)
        while now < hours * 3600:
            if self.held and self.held[0][0] <= due:
                now, started, agent = heapq.heappop(self.held)
                self.past.append((now, started, agent))
            else:
                now = due
                due += self.chance.expovariate(load * (1.3 if now % 7200 < 3600 else 0.7))
                self.line.append((now, self.range_at(now)))
            self.fill(now)

    def fill(self, now: float) -> None:
        open_ = Counter(agent for *_, agent in self.held)
        while self.line and (free := [a for a in range(self.agents) if open_[a] < self.slots]):
            agent = min(free, key=lambda a: (open_[a], a))
            open_[agent] += 1
            length = self.chance.lognormvariate(0, 0.6) * self.minutes * MINUTE / 1.197
            heapq.heappush(self.held, (now + length, now, agent))
            arrived, told = self.line.pop(0)
            if told and now > arrived:
                self.told.append((told, now - arrived))
            self.silent += now > arrived and told is None

    def range_at(self, now: float) -> Wait | None:
        """What the product would say to whoever arrives now, from the same facts."""
        hands = []
        for agent in range(self.agents):
            mine = [(end, began) for end, began, who in self.past if who == agent]
            recent = [(end, began) for end, began in mine if end > now - 3600]
            current = [began for _, began, who in self.held if who == agent]
            spans = [end - max(began, now - 3600) for end, began in recent]
            spans += [now - max(began, now - 3600) for began in current]
            hands.append(
                hand(limit=self.slots, open=len(current), freed=len(recent), seconds=sum(spans))
            )
        return Forecast(hands).wait(SUPPORT, {SUPPORT: len(self.line)})
