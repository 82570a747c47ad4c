"""Keeps processes: starts them, waits for them, revives the dead, stops all in reverse order."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from contactcenter.embedded.console import TAIL, Console
from contactcenter.embedded.processes import Process, Program
from contactcenter.embedded.trouble import Trouble

PATIENCE = 120.0  # seconds until something must be ready; slow machines are slow
FIRST_NEWS = 15.0  # seconds until we say what we are waiting for
GLANCE = 0.05  # seconds between two looks while waiting


class Supervisor:
    """Leaving the `with` block stops whatever still runs, however the block was left."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.processes: list[Process] = []  # to be kept running
        self.steps: list[Process] = []  # to come to an end
        self.is_hurried = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.stop()

    def launch(self, program: Program, *, log: Path | None = None) -> Process:
        process = Process(program, self.console, log=log)
        self.processes.append(process)
        process.start()
        return process

    def begin(self, program: Program) -> Process:
        """Starts a step beside everything else; `complete` waits for it."""
        step = Process(program, self.console)
        self.steps.append(step)
        step.start()
        return step

    def wait(
        self,
        label: str,
        is_ready: Callable[[], bool],
        *,
        since: float | None = None,
        news: Callable[[], str] = str,
    ) -> None:
        """Returns when `is_ready`, and says how long it took.

        Raises Trouble when a process ends meanwhile (its last words are shown), or after two
        minutes.
        """
        began = time.monotonic() if since is None else since
        deadline, news_at = time.monotonic() + PATIENCE, time.monotonic() + FIRST_NEWS
        self.console.begin(label)
        while not is_ready():
            self.console.pump(GLANCE)
            for process in self.processes:
                if not process.is_running():
                    raise self._failure(process, "ended while starting")
            if time.monotonic() > deadline:
                raise Trouble(f"{label}: not ready after {PATIENCE:.0f} s. {news()}".rstrip())
            if time.monotonic() > news_at:
                news_at += FIRST_NEWS
                self.console.say(f"  still waiting: {label} {news()}".rstrip())
        self.console.finish(label, f"{time.monotonic() - began:.1f} s")

    def complete(self, step: Process, label: str) -> None:
        """Waits for a step to end well. Raises Trouble, its last words shown, if it does not."""
        self.wait(label, lambda: not step.is_running(), since=step.started)
        self.steps.remove(step)
        step.sweep()
        if step.code:
            raise self._failure(step, "failed")

    def watch(self) -> None:
        """Passes on what the processes say and revives the dead, for ever.

        Raises Trouble when one keeps dying.
        """
        while True:
            self.console.pump(0.25)
            for process in self.processes:
                if not process.is_running() and (news := process.revive()):
                    self.console.say(news)

    def stop(self) -> None:
        for process in reversed(self.processes + self.steps):
            self._end(process)
        self.processes.clear()
        self.steps.clear()

    def _end(self, process: Process) -> None:
        for signum, seconds in process.program.stopping:
            if not process.is_running():
                break
            process.send(signum)
            self._linger(process, seconds)
        process.sweep()

    def _linger(self, process: Process, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while process.is_running() and time.monotonic() < deadline and not self.is_hurried:
            self.console.pump(GLANCE)

    def _failure(self, process: Process, what: str) -> Trouble:
        words = self.console.tail(process.name)
        if process.log:
            lines = process.log.read_text(errors="replace").splitlines()
            words = "\n".join(lines[-TAIL:])
        if words:
            self.console.say("\n" + words)
        return Trouble(f"{process.name} {what} ({process.how_it_ended()}).")
