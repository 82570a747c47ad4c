"""Wall time and CPU of a piece of work: this process' and that of its PostgreSQL backend.

On a machine that does other things too, CPU is the number to believe.
"""

import time
from pathlib import Path

from django.db import connection


class Meter:
    """`with Meter() as meter:` adds up; what is done between two blocks is not counted."""

    def __init__(self) -> None:
        self.seconds = self.cpu = 0.0

    def __enter__(self) -> "Meter":
        connection.ensure_connection()
        self.backend = connection.connection.info.backend_pid
        self.began, self.used = time.perf_counter(), self._used()
        return self

    def __exit__(self, *reason: object) -> None:
        self.seconds += time.perf_counter() - self.began
        self.cpu += self._used() - self.used

    def _used(self) -> float:
        """The scheduler's own count, in nanoseconds; Linux only."""
        on_cpu = Path(f"/proc/{self.backend}/schedstat").read_text().split()[0]
        return time.process_time() + int(on_cpu) / 1e9
