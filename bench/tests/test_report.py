"""What the report says is what was measured: medians, ratios, goals, and nothing kept quiet."""

import json
from pathlib import Path

import pytest

from bench import report
from bench.scenario import (
    Goal,
    Round,
    Row,
    Scenario,
    at_least,
    at_least_times,
    at_most,
    at_most_times,
)
from bench.scenarios import SCENARIOS


def scenario(goal: Goal | None, **fields: object) -> Scenario:
    row = Row("speed", "speed of it", "per_second", "/s", goal)
    return Scenario("it", lambda world: {}, (row,), **fields)  # type: ignore[arg-type]


def rounds(*ours: float, theirs: float | None = None) -> list[Round]:
    other = {"yardstick": {"per_second": theirs}} if theirs else {}
    return [{"product": {"per_second": value, "lost": 0}, **other} for value in ours]


def test_the_middle_round_counts() -> None:
    (line,) = report.lines(scenario(at_least(2)), rounds(9, 1, 3), "abc")
    assert (line["value"], line["rounds"], line["met"]) == (3, 3, True)


@pytest.mark.parametrize(
    ("goal", "is_met"),
    [
        (at_most(10), True),
        (at_most(9.9), False),
        (at_least(10), True),
        (at_least(10.1), False),
        (at_least_times(2), True),
        (at_least_times(2.1), False),
        (at_most_times(2), True),
        (at_most_times(1.9), False),
        (None, None),
    ],
)
def test_a_goal_is_of_the_value_or_of_the_ratio(goal: Goal | None, is_met: bool | None) -> None:
    (line,) = report.lines(scenario(goal), rounds(10, theirs=5), "abc")
    assert (line["ratio"], line["met"]) == (2, is_met)


def test_a_ratio_without_the_other_side_is_not_met() -> None:
    (line,) = report.lines(scenario(at_least_times(2)), rounds(10), "abc")
    assert (line["ratio"], line["met"]) == (None, None)


def test_whatever_was_lost_once_fails_the_row() -> None:
    found = [*rounds(10, 10), {"product": {"per_second": 10, "lost": 1}}]
    (line,) = report.lines(scenario(at_most(10), zeros=("lost",)), found, "abc")
    assert (line["broken"], line["met"]) == ({"lost": 1}, False)


def test_a_row_that_nobody_measured_is_an_error() -> None:
    with pytest.raises(KeyError, match="per_second"):
        report.lines(scenario(None), [{"product": {"other": 1}}], "abc")


def test_the_page_and_the_numbers_are_written(tmp_path: Path) -> None:
    found = report.lines(scenario(at_most(9)), rounds(1234.5, theirs=1000), "abc")
    report.write(found, tmp_path)
    assert json.loads((tmp_path / "performance.json").read_text()) == found
    page = (tmp_path / "performance.md").read_text()
    assert "| speed of it | 1,234 /s | 1,000 /s | 1.23× | ≤ 9 | **no** |" in page
    assert "Commit `abc`" in page


def test_every_row_has_a_name_of_its_own() -> None:
    keys = [row.key for each in SCENARIOS for row in each.rows]
    assert len(keys) == len(set(keys))
    assert set(report.LIMITS) <= set(keys)
