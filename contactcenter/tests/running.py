"""bin/run for tests: started on a folder of its own, heard, looked at, ended."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from contactcenter.embedded.waiting import wait_until
from contactcenter.tests.stack import free_port, missing

START_SECONDS = 90.0
STOP_SECONDS = 30.0
READY = "Ctrl-C stops everything."
SETTINGS = ("DATABASE_URL", "REDIS_URL", "SERVERS", "SECRET_KEY", "PUBLIC_URL", "HOST", "DEMO")
COMMAND = (sys.executable, "-m", "contactcenter.embedded", "run")


class Running:
    """One start; leaving the `with` block stops it. What it said is in `said`."""

    command: tuple[str, ...] = COMMAND
    options: dict[str, Any] = {}

    def __init__(self, var: Path, *arguments: str, **environment: str) -> None:
        self.var, self.arguments = var, arguments
        self.port = int(environment.pop("PORT", free_port()))
        self.environment = {k: v for k, v in os.environ.items() if k not in SETTINGS}
        self.environment |= {"VAR_DIR": str(var), "PORT": str(self.port), **environment}
        self.url = f"http://localhost:{self.port}"
        self.lines: list[str] = []

    def __enter__(self) -> "Running":
        self.process = subprocess.Popen(
            [*self.command, *self.arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **{"cwd": settings.BASE_DIR, **self.options},
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        return self

    def __exit__(self, *reason: object) -> None:
        if self.process.poll() is None:
            self.end()
        self.reader.join(STOP_SECONDS)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    def said(self) -> str:
        return "\n".join(self.lines)

    def wait_until_ready(self) -> None:
        wait_until(
            lambda: READY in self.said() or self.process.poll() is not None,
            START_SECONDS,
            self.said,
        )
        assert self.process.poll() is None, self.said()
        assert missing(self.url) == []

    def end(self, signum: int = signal.SIGTERM) -> int:
        """Its exit code."""
        self.process.send_signal(signum)
        return self.process.wait(STOP_SECONDS)

    def memory(self, name: str) -> dict[str, Any]:
        return json.loads((self.var / name).read_text())

    def ask(self, query: str) -> Any:
        """One value from its database, if the query gives one."""
        url = self.memory("run.json")["environment"]["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(query)
            row = cursor.fetchone() if cursor.description else None
        return row and row[0]

    def child(self, words: str) -> int | None:
        """The process number of its child whose command line has these words."""
        for pid, line in processes().items():
            if words in line and parent_of(pid) == self.process.pid:
                return pid
        return None

    def family(self) -> dict[int, str]:
        """Everything that runs for its folder, whoever its parent is by now."""
        mine = f"VAR_DIR={self.var}".encode()
        return {
            pid: line
            for pid, line in processes().items()
            if pid != self.process.pid and (mine in environment_of(pid) or self._at_home(pid))
        }

    def _at_home(self, pid: int) -> bool:
        """PostgreSQL, which writes over its environment."""
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == self.var / "postgres"
        except OSError:
            return False

    def wait_until_nothing_is_left(self) -> None:
        wait_until(lambda: not self.family(), STOP_SECONDS, lambda: f"left: {self.family()}")


def refusal(var: Path, *arguments: str, **environment: str) -> str:
    """The sentence of a start that ends by itself, with exit code 1."""
    with Running(var, *arguments, **environment) as start:
        code = start.process.wait(STOP_SECONDS)
    assert code == 1, start.said()
    assert "Traceback" not in start.said()
    return start.said()


def processes() -> dict[int, str]:
    """Command lines by process number."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def environment_of(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
