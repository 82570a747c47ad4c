"""How fast a person may go: one count for all web processes, with and without Redis."""

import socket
import time
import uuid
from collections.abc import Iterator
from functools import partial

import pytest

from agents import limits
from contactcenter.testing import at_once


@pytest.fixture
def who() -> str:
    return f"agent:{uuid.uuid4().hex}"


def test_so_many_at_once_then_one_a_second(who: str) -> None:
    take = partial(limits.wait_for, who, burst=5, per_minute=60)
    assert [take() for _ in range(5)] == [0.0] * 5
    assert 0.5 < take() <= 1
    back = float(limits.redis().get(limits.key(who))) - 2  # two seconds pass
    limits.redis().set(limits.key(who), back)
    assert [take(), take()] == [0.0, 0.0]
    assert take() > 0


def test_one_who_is_too_fast_slows_nobody_else(who: str) -> None:
    for _ in range(3):
        limits.wait_for(who, burst=1, per_minute=1)
    assert limits.wait_for(f"{who}-else", burst=1, per_minute=1) == 0.0


def test_of_many_at_one_instant_exactly_the_burst_gets_through(who: str) -> None:
    take = partial(limits.wait_for, who, burst=7, per_minute=1)
    assert at_once([take] * 30).count(0.0) == 7


def test_the_count_runs_out_by_itself(who: str) -> None:
    limits.wait_for(who, burst=5, per_minute=60)
    assert 0 < limits.redis().pttl(limits.key(who)) <= 1000


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Redis takes the line and never answers; when it was asked."""
    times: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"redis://127.0.0.1:{mute.getsockname()[1]}"
        fresh = limits.redis.__wrapped__
        monkeypatch.setattr(limits.settings, "REDIS_URL", url)
        monkeypatch.setattr(limits, "redis", lambda: times.append(time.monotonic()) or fresh())
        monkeypatch.setattr(limits, "_down_until", 0.0)
        monkeypatch.setattr(limits, "_alone", {})
        yield times


def test_without_redis_the_process_counts_for_itself(who: str, asked: list[float]) -> None:
    take = partial(limits.wait_for, who, burst=5, per_minute=60)
    assert [take() for _ in range(5)] == [0.0] * 5
    assert 0 < take() <= 1


def test_a_mute_redis_holds_up_one_request_only_and_not_for_long(
    who: str, asked: list[float]
) -> None:
    for _ in range(100):
        limits.wait_for(who, burst=5, per_minute=60)
    assert len(asked) == 1
    assert time.monotonic() - asked[0] < 4 * limits.PATIENCE


def test_without_redis_memory_has_an_end(
    asked: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_ALONE", 10)
    for number in range(50):
        limits.wait_for(f"agent:{number}", burst=1, per_minute=1)
    assert 0 < len(limits._alone) <= 10
