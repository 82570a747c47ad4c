"""The bad line itself, between real ends: every fault stands on it."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from contactcenter.embedded.waiting import wait_until
from faults.proxy import Proxy

SOON = 0.3  # seconds in which a line that passes would have answered


@pytest.fixture
def echo() -> Iterator[tuple[str, int]]:
    """Says everything back."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk(line: socket.socket) -> None:
            with line:
                try:
                    while data := line.recv(65536):
                        line.sendall(data)
                except OSError:
                    return

        def serve() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=talk, args=(line,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()


@pytest.fixture
def proxy(echo: tuple[str, int]) -> Iterator[Proxy]:
    with Proxy("to the echo", echo) as started:
        yield started


@pytest.fixture
def postgres() -> Iterator[Proxy]:
    known = conninfo_to_dict(os.environ["DATABASE_URL"])
    host, port = str(known.get("host", "")), str(known.get("port", "5432"))
    target = Path(host) / f".s.PGSQL.{port}" if host.startswith("/") else (host, int(port))
    with Proxy("to PostgreSQL", target, is_postgres=True) as started:
        yield started


def call(proxy: Proxy) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", proxy.port), 5)
    line.settimeout(5)
    return line


def says(line: socket.socket, word: bytes, seconds: float = 5.0) -> bytes:
    """What comes back within so many seconds; empty for silence."""
    line.sendall(word)
    line.settimeout(seconds)
    try:
        return line.recv(65536)
    except TimeoutError:
        return b""


def database(proxy: Proxy) -> "psycopg.Connection[tuple[int]]":
    address = {"host": "127.0.0.1", "port": proxy.port, "sslmode": "disable"}
    return psycopg.connect(os.environ["DATABASE_URL"], **address)


def test_a_healthy_line_passes_both_ways(proxy: Proxy) -> None:
    with call(proxy) as line:
        assert says(line, b"hello") == b"hello"


def test_what_a_black_hole_held_comes_through_with_the_healing(proxy: Proxy) -> None:
    with call(proxy) as line:
        proxy.mode("hold")
        assert says(line, b"hello", SOON) == b""
        proxy.mode()
        assert line.recv(100) == b"hello"


def test_a_black_hole_that_keeps_nothing_resets_whoever_lost_something(proxy: Proxy) -> None:
    with call(proxy) as line, call(proxy) as silent:
        assert says(silent, b"a") == b"a"
        proxy.mode("swallow")
        assert says(line, b"hello", SOON) == b""
        proxy.mode()
        line.settimeout(5)
        with pytest.raises(ConnectionResetError):
            line.recv(100)
        assert says(silent, b"b") == b"b"


def test_one_way_may_be_dead_alone(proxy: Proxy, echo: tuple[str, int]) -> None:
    with call(proxy) as line:
        proxy.mode("hold", way="down")
        assert says(line, b"hello", SOON) == b""
        assert next(iter(proxy.lines)).passed["up"] == 5
        proxy.mode(way="down")
        assert line.recv(100) == b"hello"


def test_a_slow_line_takes_its_time(proxy: Proxy) -> None:
    with call(proxy) as line:
        proxy.mode(latency=0.4)
        assert says(line, b"hello", SOON) == b""
        line.settimeout(5)
        assert line.recv(100) == b"hello"


def test_nobody_listens_while_it_refuses(proxy: Proxy) -> None:
    with call(proxy) as line:
        assert says(line, b"a") == b"a"
        proxy.mode("refuse")
        with pytest.raises(ConnectionRefusedError):
            call(proxy)
        assert says(line, b"still here") == b"still here"
    proxy.mode()
    with call(proxy) as line:
        assert says(line, b"back") == b"back"


def test_a_reset_reaches_those_who_are_through_and_those_who_come(proxy: Proxy) -> None:
    with call(proxy) as line:
        assert says(line, b"a") == b"a"
        proxy.mode("reset")
        with pytest.raises(ConnectionResetError):
            line.recv(100)
        with pytest.raises(ConnectionResetError), call(proxy) as other:
            other.recv(100)


def test_a_line_is_cut_after_so_many_bytes(proxy: Proxy) -> None:
    with call(proxy) as line:
        proxy.mode("cut", way="down", after=3)
        assert says(line, b"hello") == b"hel"
        with pytest.raises(ConnectionResetError):
            line.recv(100)


def test_only_the_lines_of_now_may_be_dead(proxy: Proxy) -> None:
    with call(proxy) as line:
        assert says(line, b"a") == b"a"
        proxy.mode("hold", only_open=True)
        assert says(line, b"b", SOON) == b""
        with call(proxy) as other:
            assert says(other, b"c") == b"c"


def test_a_commit_arrives_and_its_answer_does_not_once(postgres: Proxy) -> None:
    with database(postgres) as line:
        line.execute("DROP TABLE IF EXISTS faults_said; CREATE TABLE faults_said (word text)")
        line.commit()
        line.execute("SELECT 1")
        postgres.mode("answer", way="up", having=b"INSERT INTO faults_said")
        line.commit()  # said nothing of the kind
        line.execute("INSERT INTO faults_said VALUES ('accepted')")
        with pytest.raises(psycopg.OperationalError):
            line.commit()
    wait_until(lambda: postgres.answers_lost == 1, 5)
    with database(postgres) as line:
        assert line.execute("SELECT count(*) FROM faults_said").fetchone() == (1,)
        line.execute("INSERT INTO faults_said VALUES ('answered')")
        line.commit()
        line.execute("DROP TABLE faults_said")


def test_a_statement_that_commits_by_itself_loses_its_answer(postgres: Proxy) -> None:
    with database(postgres) as line:
        line.autocommit = True
        postgres.mode("answer", way="up", having=b"SELECT 41")
        assert line.execute("SELECT 40").fetchone() == (40,)
        with pytest.raises(psycopg.OperationalError):
            line.execute("SELECT 41 + 1")
    assert postgres.answers_lost == 1


def test_a_line_sticks_at_what_it_says_and_the_next_one_passes(postgres: Proxy) -> None:
    with database(postgres) as line, database(postgres) as other:
        line.autocommit = other.autocommit = True
        line.execute("SELECT 1")
        postgres.mode("stick", way="up", having=rb"SELECT \d2")
        assert line.execute("SELECT 43").fetchone() == (43,)
        stuck = threading.Thread(target=line.execute, args=("SELECT 42",), daemon=True)
        stuck.start()
        wait_until(lambda: postgres.stuck == 1, 5)
        assert other.execute("SELECT 42").fetchone() == (42,)
        assert stuck.is_alive()
        postgres.mode()
        stuck.join(5)
        assert not stuck.is_alive()


def test_a_prepared_statement_is_known_by_its_words(postgres: Proxy) -> None:
    with database(postgres) as line:
        line.autocommit = True
        for number in range(3):
            assert line.execute("SELECT 41 + %s", [number], prepare=True).fetchone()
        postgres.mode("answer", way="up", having=b"SELECT 41")
        with pytest.raises(psycopg.OperationalError):
            line.execute("SELECT 41 + %s", [1], prepare=True)
    assert postgres.answers_lost == 1
