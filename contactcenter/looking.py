"""Somebody who looks, again and again, in a thread of their own: whoever wants to know gets the
last answer at once, however long the next one takes."""

import threading
import time
from collections.abc import Callable
from typing import Any

NEVER = float("inf")


class Look:
    """`ask` is called every `every` seconds (None: only when wanted); it may block and may fail."""

    def __init__(self, name: str, ask: Callable[[], Any], *, every: float | None = None) -> None:
        self.name, self.ask, self.every = name, ask, every
        self.answer: Any = None
        self.problem: Exception | None = None
        self.answered_at = -NEVER
        self.rounds = 0
        self._wanted = threading.Event()
        self._said = threading.Condition()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def age(self) -> float:
        """Seconds since somebody last came back from looking, with good news or bad."""
        return time.monotonic() - self.answered_at

    def start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()

    def first(self, patience: float) -> None:
        """Wait until somebody has looked once."""
        self.start()
        with self._said:
            self._said.wait_for(lambda: self.rounds > 0, patience)

    def again(self, patience: float) -> bool:
        """Have somebody look now; whether an answer came within so many seconds."""
        self.start()
        before = self.rounds
        self._wanted.set()
        with self._said:
            return self._said.wait_for(lambda: self.rounds > before, patience)

    def _run(self) -> None:
        while True:
            try:
                answer, problem = self.ask(), None
            except Exception as error:
                answer, problem = None, error
            with self._said:
                self.answer, self.problem = answer, problem
                self.answered_at = time.monotonic()
                self.rounds += 1
                self._said.notify_all()
            self._wanted.wait(self.every)
            self._wanted.clear()
