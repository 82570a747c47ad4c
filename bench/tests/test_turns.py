"""Two that are compared work in turn, whatever else the machine does."""

import os
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.turns import TURN, Sitting, in_turn
from contactcenter.embedded.waiting import wait_until

WORK = f"""
import sys
for number in range(3):
    print({TURN!r}, flush=True)
    sys.stdin.readline()
    with open(sys.argv[1], "a") as log:
        log.write(sys.argv[2])
print('{{"turns": 3}}')
"""


def test_neither_works_while_the_other_does(tmp_path: Path) -> None:
    log, environment = tmp_path / "log", dict(os.environ)
    with ExitStack() as both:
        sides = {
            side: both.enter_context(
                Sitting([sys.executable, "-c", WORK, str(log), side[0]], environment)
            )
            for side in ("yardstick", "product")
        }
        assert in_turn(sides) == {"yardstick": {"turns": 3}, "product": {"turns": 3}}
    assert log.read_text() == "yp" * 3
    assert all(sitting.process.returncode is not None for sitting in sides.values())


def test_one_that_dies_is_said_and_not_waited_for() -> None:
    before = timers()
    with pytest.raises(RuntimeError, match="before it had measured"):
        Sitting([sys.executable, "-c", "pass"], dict(os.environ))
    wait_until(lambda: timers() <= before, 5)  # one that was stopped goes in its own time


def timers() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)}
