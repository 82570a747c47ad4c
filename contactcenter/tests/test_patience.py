"""Nobody waits for ever for a neighbour that does not answer."""

import asyncio
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from psycopg_pool import ConnectionPool

from contactcenter.looking import Look
from contactcenter.patience import HastyConnection
from contactcenter.tests.bad_lines import postgres_place
from conversations import heartbeat
from faults.proxy import Proxy

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> Iterator[Proxy]:
    with Proxy("to PostgreSQL", postgres_place()) as proxy:
        yield proxy


@pytest.fixture
def address(line: Proxy) -> str:
    known = connection.settings_dict
    return f"postgresql://{known['USER']}@127.0.0.1:{line.port}/{known['NAME']}"


@pytest.mark.parametrize("mode", ["hold", "swallow"])
def test_a_statement_without_an_answer_is_given_up(line: Proxy, address: str, mode: str) -> None:
    """Everything is taken, nothing comes back: neither the kernel nor the server can tell."""
    asking = HastyConnection.connect(address, autocommit=True)
    line.mode(mode)
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError, match="did not answer within 2 s"):
        asking.execute("SELECT 1")
    assert 1.5 < time.monotonic() - began < 8
    assert asking.closed


def test_a_slow_statement_may_take_its_time(address: str) -> None:
    with HastyConnection.connect(address, autocommit=True) as asking:
        assert asking.execute("SELECT 7 FROM pg_sleep(0.5)").fetchone() == (7,)


def test_a_connection_that_died_in_the_pool_is_not_handed_out(line: Proxy, address: str) -> None:
    pool = ConnectionPool(
        address,
        connection_class=HastyConnection,
        check=ConnectionPool.check_connection,
        min_size=2,
        max_size=2,
        kwargs={"autocommit": True},
        open=True,
    )
    with pool:
        pool.wait(10)
        with pool.connection() as one:
            process = one.info.backend_pid
        line.cut()  # the server went, and is back
        for _ in range(4):
            with pool.connection(timeout=10) as one:
                assert one.execute("SELECT 1").fetchone() == (1,)
                assert one.info.backend_pid != process


def test_the_last_answer_is_there_at_once_while_somebody_still_looks() -> None:
    gate = threading.Event()
    gate.set()

    def ask() -> int:
        gate.wait(30)
        return 7

    look = Look("looking", ask, every=0.01)
    look.first(10)
    gate.clear()
    began = time.monotonic()
    assert look.answer == 7
    assert look.again(0.2) is False, "nobody came back in time"
    assert time.monotonic() - began < 5
    assert look.age > 0.1
    gate.set()
    assert look.again(10)


def test_a_look_that_fails_says_so_and_looks_again() -> None:
    answers = iter([ValueError("dead"), 7])

    def ask() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    look = Look("looking", ask)
    look.first(10)
    assert str(look.problem) == "dead"
    assert look.again(10)
    assert (look.answer, look.problem) == (7, None)


class Somebody:
    """An open page that has not said who it is."""

    identity, conversation, state, position = None, None, "new", None


async def test_a_heartbeat_that_hangs_or_has_ended_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    beat = heartbeat.heartbeat()
    assert heartbeat.lateness() == 0, "nobody needs it"
    gate = asyncio.Event()

    async def hang(now: float) -> None:
        await gate.wait()

    beat.steps = (hang,)
    await beat.add_visitor(Somebody())
    await asyncio.sleep(0)
    monkeypatch.setattr(heartbeat, "TICK", -60.0)  # as if a minute had passed
    assert heartbeat.lateness() > 10
    gate.set()


async def test_the_next_socket_brings_an_ended_heartbeat_back_and_only_one() -> None:
    beat = heartbeat.heartbeat()
    visitor = Somebody()
    await beat.add_visitor(visitor)
    first, listening = beat.running, beat.listening
    listening.cancel()
    await asyncio.wait([listening])
    await beat.add_visitor(visitor)
    assert beat.running is first, "it was well"
    assert beat.listening is not listening
