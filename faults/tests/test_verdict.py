"""The verdict sees what it is there for: a broken promise that nobody notices is no test."""

from pathlib import Path

import pytest

from faults import verdict
from faults.kinds import Fault
from faults.ledger import Ledger, Outage
from faults.looking import Looking, Stretch
from faults.stored import Stored
from faults.verdict import Verdict

FAULT = Fault("nothing", lambda scene: iter(()))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Lucía wrote two lines, both were accepted."""
    ledger = Ledger(tmp_path / "ledger.jsonl")
    lucia = ledger.of("Lucía")
    for number in ("1", "2"):
        lucia("sent", id=number, text=f"Line {number}")
        lucia("acked", id=number, conversation="c")
    return ledger


def stored(*messages: tuple[str, int]) -> Stored:
    rows = [(pk, "c", seq, "contact", f"Line {pk}") for pk, seq in messages]
    return Stored(rows, [], {})


def broken(found: Verdict) -> list[str]:
    """The promises."""
    return [text.split()[0] for text in found.broken]


def test_all_is_well(ledger: Ledger) -> None:
    found, all_there = Verdict(), stored(("1", 1), ("2", 2))
    verdict.kept(found, all_there, ledger)
    verdict.said(found, all_there, ledger)
    verdict.accepted(found, ledger, FAULT)
    assert found.broken == [] and found.accepted == 2


def test_what_was_accepted_and_is_not_there_is_lost(ledger: Ledger) -> None:
    found = Verdict()
    verdict.kept(found, stored(("1", 1)), ledger)
    assert broken(found) == ["P-01"]


def test_what_is_there_twice_is_seen(ledger: Ledger) -> None:
    found = Verdict()
    verdict.kept(found, stored(("1", 1), ("1", 2), ("2", 3)), ledger)
    assert broken(found) == ["P-02"]


def test_another_order_than_it_was_written_in_is_seen(ledger: Ledger) -> None:
    found = Verdict()
    verdict.said(found, stored(("2", 1), ("1", 2)), ledger)
    assert broken(found) == ["P-03"]


def test_who_waits_while_somebody_is_ready_is_seen() -> None:
    found = Verdict()
    looking = Looking(None, "shop", left={1: [Stretch(100, 101)], 2: [Stretch(100, 115)]})  # type: ignore[arg-type]
    verdict.waited(found, looking, FAULT, begun=100, healed=101)
    assert [text[:12] for text in found.broken] == ["P-08 entry 2"]


def test_a_page_that_came_back_late_is_seen() -> None:
    assert verdict.counts_from(Outage("Ana", 10, 30), FAULT, healed=20) == 10
    everybody = Fault("all", FAULT.story, blocks=True)
    assert verdict.counts_from(Outage("Ana", 10, 30), everybody, healed=20) == 20


def test_the_ledger_outlives_whoever_wrote_it(ledger: Ledger) -> None:
    assert len(ledger.path.read_text().splitlines()) == 4
