"""What was sent, accepted and shown, written as it happens: a line of JSON each, so that the
account outlives whoever wrote it. Times are `time.time`, the clock of PostgreSQL on this machine.
"""

import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from conversations.simulation.customer import Note


@dataclass(frozen=True)
class Outage:
    """A line that was lost, and when its page was complete again; None: not yet."""

    who: str
    lost: float
    back: float | None


@dataclass
class Ledger:
    """`sent` and `acked` by message id; `shown` is when it first stood on any agent's screen;
    `read` the messages a customer's page has, as (seq, id, text) by customer and conversation."""

    path: Path
    sent: dict[str, tuple[float, str, str]] = field(default_factory=dict)  # when, who, text
    acked: dict[str, tuple[float, str]] = field(default_factory=dict)  # when, conversation
    shown: dict[str, float] = field(default_factory=dict)
    read: dict[tuple[str, str], list[tuple[int, str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    answered: list[float] = field(default_factory=list)  # seconds an agent's post took
    outages: list[Outage] = field(default_factory=list)
    away: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.file = self.path.open("a", buffering=1)

    def of(self, who: str) -> Note:
        return partial(self.note, who)

    def note(self, who: str, what: str, **facts: Any) -> None:
        now = time.time()
        self.file.write(json.dumps({"at": now, "who": who, "what": what, **facts}) + "\n")
        if what == "sent":
            self.sent[facts["id"]] = (now, who, facts["text"])
        elif what == "acked":
            self.acked[facts["id"]] = (now, facts["conversation"])
        elif what == "shown":
            self.shown.setdefault(facts["id"], now)
        elif what == "answered":
            self.answered.append(facts["seconds"])
        elif what == "read":
            message = (facts["seq"], facts["id"], facts["text"])
            self.read[who, facts["conversation"]].append(message)
        elif what == "lost":
            self.away.setdefault(who, now)
        elif what == "back" and who in self.away:
            self.outages.append(Outage(who, self.away.pop(who), now))

    def all_outages(self) -> list[Outage]:
        return [*self.outages, *(Outage(who, lost, None) for who, lost in self.away.items())]

    def close(self) -> None:
        self.file.close()
