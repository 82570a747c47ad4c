"""What a run of all faults came to: docs/faults.md."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from conversations.simulation.outcome import quantile
from faults.catalogue import FAULTS
from faults.verdict import Verdict

PLACE = Path(__file__).resolve().parent.parent / "docs" / "faults.md"
HEAD = """\
# Faults

Written by `bin/test --faults` ({runs} runs of each, seed {seed}, {day}). While 3 agents and 8
customers write to each other through nginx, two web processes, two workers and beat, one thing
breaks at a random moment and is healed; then nobody begins anything new and everything is
compared: what was accepted, what is stored, what every screen shows (docs/running.md).

*Back*: seconds from the healing (from the loss, where others could answer) until a console or a
page was complete again. *Delay*: the longest until a message or a post was answered. *Stall*: the
longest from being accepted to the agent's screen. Both include the fault itself.

| fault | runs | accepted | broken promises | back, p99 | longest delay | longest stall |
|---|--:|--:|---|--:|--:|--:|
"""


@dataclass
class Table:
    runs: int
    seed: int
    rows: dict[str, list[Verdict]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, verdict: Verdict) -> None:
        self.rows[name].append(verdict)

    @property
    def is_complete(self) -> bool:
        return all(len(self.rows[name]) == self.runs for name in FAULTS)

    def text(self) -> str:
        day = dt.datetime.now(dt.UTC).date().isoformat()
        head = HEAD.format(runs=self.runs, seed=self.seed, day=day)
        return head + "".join(self._row(name) for name in FAULTS if self.rows[name])

    def _row(self, name: str) -> str:
        verdicts = self.rows[name]
        broken = sorted({text.split()[0] for each in verdicts for text in each.broken})
        times = sum(bool(each.broken) for each in verdicts)
        says = f"{', '.join(broken)} in {times}" if broken else "none"
        back = quantile([seconds for each in verdicts for seconds in each.back], 0.99)
        delay, stall = (
            max(getattr(each, what) for each in verdicts) for what in ("delay", "stall")
        )
        accepted = sum(each.accepted for each in verdicts)
        cells = [name.replace("-", " "), str(len(verdicts)), str(accepted), says]
        cells += ["–" if back is None else f"{back:.1f} s", f"{delay:.1f} s", f"{stall:.1f} s"]
        return f"| {' | '.join(cells)} |\n"
