"""What was sent, accepted and shown: written by the generator as it happens.

Times are `time.perf_counter` of the one process that sends and listens.
"""

import itertools
import time
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Ledger:
    sent: dict[str, float] = field(default_factory=dict)  # message id: when
    homes: dict[str, int] = field(default_factory=dict)  # conversation: who was shown it first
    line: dict[str, str] = field(default_factory=dict)  # message id: its conversation
    acked: dict[str, float] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)
    doubled: int = 0
    strangers: int = 0
    order: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def send(self, message: str, *, conversation: str) -> None:
        self.line[message] = conversation
        self.sent[message] = time.perf_counter()

    def ack(self, message: str) -> None:
        self.acked.setdefault(message, time.perf_counter())

    def show(self, message: str, *, agent: int) -> None:
        """A message stood on that agent's screen."""
        if message not in self.sent:
            return
        conversation = self.line[message]
        if self.homes.setdefault(conversation, agent) != agent:
            self.strangers += 1
        elif message in self.shown:
            self.doubled += 1
        else:
            self.shown[message] = time.perf_counter()
            self.order[conversation].append(message)

    def forget(self) -> None:
        """Begin to count anew; whose conversation it is stays known."""
        for counts in (self.sent, self.line, self.acked, self.shown, self.order):
            counts.clear()
        self.doubled = self.strangers = 0

    @property
    def lost(self) -> int:
        """Accepted and never shown."""
        return len(self.acked.keys() - self.shown.keys())

    @property
    def reordered(self) -> int:
        """Shown after one that was sent later in the same conversation."""
        return sum(
            self.sent[before] > self.sent[after]
            for messages in self.order.values()
            for before, after in itertools.pairwise(messages)
        )

    @property
    def is_settled(self) -> bool:
        return self.sent.keys() == self.acked.keys() == self.shown.keys()

    def ack_times(self) -> list[float]:
        """Milliseconds from sending to the ack."""
        return [(at - self.sent[message]) * 1000 for message, at in self.acked.items()]

    def show_times(self) -> list[float]:
        """Milliseconds from sending to the agent's screen."""
        return [(at - self.sent[message]) * 1000 for message, at in self.shown.items()]


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least that share of the values does not exceed; 0 if none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]
