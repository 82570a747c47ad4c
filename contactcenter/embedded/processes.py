"""A program and its running process: started tied to us, watched, stopped politely."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from contactcenter.embedded.account import Account, die_with_parent, identity
from contactcenter.embedded.console import Console
from contactcenter.embedded.trouble import Trouble

HEALTHY_AFTER = 10.0  # seconds; whoever lived longer failed for a new reason
FAILURES_IN_A_ROW = 5
FIRST_PAUSE = 0.5  # seconds before the first restart, doubled each time


@dataclass(frozen=True)
class Program:
    """What to start. `stopping` are signals and how many seconds each is given."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(repr=False)
    death_signal: int = signal.SIGTERM
    stopping: tuple[tuple[int, float], ...] = ((signal.SIGTERM, 10), (signal.SIGKILL, 5))
    account: Account | None = None
    open_files: tuple[int, ...] = ()


class Process:
    def __init__(self, program: Program, console: Console, *, log: Path | None = None) -> None:
        """What it says goes to the file `log`, without one to the console."""
        self.program, self.console, self.log, self.name = program, console, log, program.name
        self.child: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.failures = 0
        self.restart_at: float | None = None

    def start(self) -> None:
        """Starts it in a session of its own: Ctrl-C is for the supervisor alone."""
        self.restart_at, self.started = None, time.monotonic()
        target = _fresh_log(self.log) if self.log else None
        try:
            self.child = subprocess.Popen(
                self.program.command,
                stdin=subprocess.DEVNULL,
                stdout=target or subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=self.program.environment,
                cwd=None if self.program.account is None else "/",
                pass_fds=self.program.open_files,
                start_new_session=True,
                preexec_fn=die_with_parent(self.program.death_signal),
                **identity(self.program.account),
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise Trouble(f"{self.name} could not be started: {error}") from error
        finally:
            if target:
                target.close()
        if self.child.stdout:
            self.console.listen(self.name, self.child.stdout)

    @property
    def code(self) -> int | None:
        """None while it runs; else how it ended, negative for a signal."""
        return self.child.poll() if self.child else None

    def is_running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def how_it_ended(self) -> str:
        code = self.code or 0
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def send(self, signum: int) -> None:
        if self.child and self.is_running():
            self.child.send_signal(signum)

    def sweep(self) -> None:
        """Ends what a dead process left behind in its group, as a worker its pool."""
        if self.child:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.child.pid, signal.SIGKILL)

    def revive(self) -> str:
        """One step for a dead process, never waiting; returns what to tell the person, if anything.

        Raises Trouble after five deaths in a row, each within ten seconds of its start.
        """
        now = time.monotonic()
        if self.restart_at is None:
            self.sweep()
            self.failures = self.failures + 1 if now - self.started < HEALTHY_AFTER else 1
            if self.failures >= FAILURES_IN_A_ROW:
                raise Trouble(
                    f"{self.name} ended {self.failures} times in a row ({self.how_it_ended()})."
                )
            pause = FIRST_PAUSE * 2 ** (self.failures - 1)
            self.restart_at = now + pause
            return f"{self.name} ended ({self.how_it_ended()}); starting it again in {pause:g} s."
        if now >= self.restart_at:
            self.start()
        return ""


def _fresh_log(path: Path) -> IO[bytes]:
    """A new log file; the one before is kept as `.1`."""
    if path.exists():
        path.replace(path.with_name(path.name + ".1"))
    return path.open("wb")
