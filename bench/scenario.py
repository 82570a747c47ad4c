"""What a scenario is: how it measures, and the rows of promises.md ("Speed") that it answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

Measures = dict[str, float]
Round = dict[str, Measures]  # "product", and "floor" or "yardstick" where there is one


@dataclass(frozen=True, slots=True)
class Goal:
    """At most (or at least) so much: of the ratio to the other side, or of the value itself."""

    limit: float
    is_least: bool = False
    of_ratio: bool = False

    def is_met(self, value: float, ratio: float | None) -> bool | None:
        """None where there is nothing to compare with."""
        reached = ratio if self.of_ratio else value
        if reached is None:
            return None
        return reached >= self.limit if self.is_least else reached <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.is_least else "≤"
        return f"{sign} {self.limit:g}{'×' if self.of_ratio else ''}"


def at_most(limit: float) -> Goal:
    return Goal(limit)


def at_least(limit: float) -> Goal:
    return Goal(limit, is_least=True)


def at_most_times(limit: float) -> Goal:
    return Goal(limit, of_ratio=True)


def at_least_times(limit: float) -> Goal:
    return Goal(limit, is_least=True, of_ratio=True)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report: one measure of a scenario, its unit and what was promised."""

    key: str
    what: str
    measure: str
    unit: str = ""
    goal: Goal | None = None


@dataclass(frozen=True)
class Scenario:
    """`measure(world, **arguments)` is one round, both sides in turn. `zeros` are what must not
    happen once in any round. `seconds` is the most a round may take."""

    key: str
    measure: Callable[..., Round]
    rows: tuple[Row, ...]
    full: dict[str, Any] = field(default_factory=dict)
    quick: dict[str, Any] = field(default_factory=dict)
    zeros: tuple[str, ...] = ()
    rounds: int = 3


def middle(rounds: list[Round], side: str, measure: str) -> float | None:
    """The median over the rounds; None where that side has no such measure."""
    values = [found[side][measure] for found in rounds if measure in found.get(side, {})]
    return median(values) if values else None


def broken(scenario: Scenario, rounds: list[Round]) -> dict[str, float]:
    """What should be 0 and was not, in the worst round."""
    worst = {
        name: max((abs(found["product"].get(name, 0)) for found in rounds), default=0)
        for name in scenario.zeros
    }
    return {name: value for name, value in worst.items() if value}
