"""The ledger must not flatter: what is lost, doubled, out of order or on a wrong screen counts."""

import pytest

from bench.ledger import Ledger, percentile

ANA, BRUNO = 1, 2


@pytest.fixture
def ledger() -> Ledger:
    found = Ledger()
    for number in range(3):
        found.send(f"m{number}", conversation="lucia")
        found.ack(f"m{number}")
    return found


def test_everything_came(ledger: Ledger) -> None:
    for number in range(3):
        ledger.show(f"m{number}", agent=ANA)
    assert ledger.is_settled
    assert (ledger.lost, ledger.doubled, ledger.reordered, ledger.strangers) == (0, 0, 0, 0)
    assert len(ledger.show_times()) == len(ledger.ack_times()) == 3


def test_accepted_and_never_shown_is_lost(ledger: Ledger) -> None:
    ledger.show("m0", agent=ANA)
    assert (ledger.lost, ledger.is_settled) == (2, False)


def test_shown_twice_is_doubled(ledger: Ledger) -> None:
    ledger.show("m0", agent=ANA)
    ledger.show("m0", agent=ANA)
    assert ledger.doubled == 1


def test_an_earlier_one_after_a_later_one_is_reordered(ledger: Ledger) -> None:
    for message in ("m0", "m2", "m1"):
        ledger.show(message, agent=ANA)
    assert ledger.reordered == 1


def test_on_another_agents_screen_it_reached_a_stranger(ledger: Ledger) -> None:
    ledger.show("m0", agent=ANA)
    ledger.show("m1", agent=BRUNO)
    assert (ledger.strangers, ledger.lost) == (1, 2)


def test_what_nobody_sent_is_not_counted(ledger: Ledger) -> None:
    ledger.show("mallory", agent=ANA)
    assert (ledger.doubled, ledger.strangers, ledger.shown) == (0, 0, {})


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (1, 100), (0.001, 1)])
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], share) == value


def test_without_values_a_percentile_is_nothing() -> None:
    assert percentile([], 0.99) == 0
