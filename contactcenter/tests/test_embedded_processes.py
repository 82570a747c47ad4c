"""A child that dies comes back; one that keeps dying ends everything, with one sentence."""

import io
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from contactcenter.embedded import processes
from contactcenter.embedded.console import Console
from contactcenter.embedded.processes import Program
from contactcenter.embedded.supervisor import Supervisor
from contactcenter.embedded.trouble import Trouble
from contactcenter.embedded.waiting import wait_until

SLEEPS = "import time; print('awake', flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPS
WITH_CHILD = "import subprocess, sys; subprocess.Popen(['sleep', '600']); sys.exit(3)"


def program(code: str, name: str = "worker") -> Program:
    return Program(
        name=name,
        command=(sys.executable, "-c", code),
        environment=dict(os.environ),
        stopping=((signal.SIGTERM, 0.3), (signal.SIGKILL, 5)),
    )


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(screen: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setattr(processes, "FIRST_PAUSE", 0.01)
    with Supervisor(Console(screen, verbose=True)) as supervisor:
        yield supervisor


def test_what_keeps_dying_is_given_up(supervisor: Supervisor, screen: io.StringIO) -> None:
    worker = supervisor.launch(program("import sys; sys.exit('no such table')"))
    with pytest.raises(Trouble, match=r"worker ended 5 times in a row \(exit code 1\)"):
        supervisor.watch()
    assert screen.getvalue().count("starting it again") == 4
    assert "worker  | no such table" in screen.getvalue()
    supervisor.stop()
    assert not worker.is_running()


def test_who_lived_long_enough_is_forgiven(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "HEALTHY_AFTER", 0.0)
    worker = supervisor.launch(program("raise SystemExit(1)"))
    for _ in range(2 * processes.FAILURES_IN_A_ROW):
        wait_until(lambda: not worker.is_running(), 10)
        worker.revive()
        wait_until(lambda: worker.revive() == "" and worker.restart_at is None, 10)
    assert worker.failures == 1


def test_who_does_not_listen_is_killed(supervisor: Supervisor, screen: io.StringIO) -> None:
    web = supervisor.launch(program(STUBBORN, "web"))
    supervisor.wait("Web", lambda: "awake" in screen.getvalue())
    supervisor.stop()
    assert web.how_it_ended() == "killed by SIGKILL"


def test_a_second_ctrl_c_does_not_wait(supervisor: Supervisor, screen: io.StringIO) -> None:
    patient = program(STUBBORN, "web")
    patient = Program(**{**vars(patient), "stopping": ((signal.SIGTERM, 600), (signal.SIGKILL, 5))})
    web = supervisor.launch(patient)
    supervisor.wait("Web", lambda: "awake" in screen.getvalue())
    supervisor.is_hurried = True
    began = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - began < 60
    wait_until(lambda: not web.is_running(), 10)


def test_a_step_that_fails_shows_its_last_words(
    supervisor: Supervisor, screen: io.StringIO
) -> None:
    step = supervisor.begin(program("import sys; sys.exit('relation exists')", "migrate"))
    with pytest.raises(Trouble, match=r"migrate failed \(exit code 1\)"):
        supervisor.complete(step, "Database tables")
    assert "relation exists" in screen.getvalue()


def test_who_dies_while_we_wait_is_named_at_once(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.launch(program("raise SystemExit(7)", "postgres"), log=tmp_path / "postgres.log")
    with pytest.raises(Trouble, match=r"postgres ended while starting \(exit code 7\)"):
        supervisor.wait("PostgreSQL", lambda: False)


def test_a_dead_process_leaves_no_pool_behind(supervisor: Supervisor) -> None:
    worker = supervisor.launch(program(WITH_CHILD))
    wait_until(lambda: not worker.is_running(), 10)
    group = worker.child.pid
    os.killpg(group, 0)  # its child is there
    worker.sweep()
    wait_until(lambda: group_is_gone(group), 10)


def group_is_gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False
