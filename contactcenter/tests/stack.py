"""The product's own processes for tests: two web processes, workers, beat, on real servers."""

import json
import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from contactcenter.embedded import programs
from contactcenter.embedded.waiting import wait_until

START_SECONDS = 60.0


class Stack:
    """Starts on entry and waits until nothing is missing; stops all on exit.

    `url` and `other_url` are two web processes: what one does, the other's screens show.
    """

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = environment
        self.ports = [free_port(), free_port()]
        self.url, self.other_url = (f"http://localhost:{port}" for port in self.ports)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Stack":
        for number in range(1, len(self.ports) + 1):
            self.start_web(number)
        self.start_worker()
        self.start_beat()
        self.start_files()
        for url in (self.url, self.other_url):
            wait_until(partial(is_complete, url), START_SECONDS, self.logs)
        return self

    def __exit__(self, *reason: object) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start_web(self, number: int) -> None:
        self.start(f"web{number}", "web", PORT=str(self.ports[number - 1]))

    def start_worker(self) -> None:
        self.start("worker", "worker")

    def start_files(self) -> None:
        self.start("files", "files")

    def start_beat(self) -> None:
        (self.folder / "beat").mkdir(exist_ok=True)
        self.start("beat", "beat")

    def start(self, name: str, kind: str, **changes: str) -> None:
        """One more of this kind (embedded/programs.py), as bin/run starts it."""
        environment = self.environment_of(name) | changes
        log = (self.folder / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            programs.words(programs.COMMANDS[kind], environment),
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=log,
        )

    def environment_of(self, name: str) -> dict[str, str]:
        return (
            os.environ
            | {
                "DATABASE_URL": database_url(),
                "DATABASE_POOL_SIZE": "16" if name.startswith("web") else "0",
                "DEMO": "1",
                "VAR_DIR": str(self.folder),
                "STORAGE_URL": f"file://{settings.UPLOADS_DIR}",  # what a story stores is there
                "REDIS_PREFIX": settings.REDIS_PREFIX,
                "LIMIT_VISITOR_PER_MINUTE": "100000",
                "LIMIT_VISITOR_BURST": "10000",
                "WORKERS": "1",
            }
            | self.environment
        )

    def logs(self) -> str:
        return "\n".join(
            f"== {path.name}\n{path.read_text()[-2000:]}" for path in self.folder.glob("*.log")
        )


def database_url() -> str:
    """The tests' own database, as a URL for other processes."""
    values = connection.settings_dict
    host = f"{values['HOST']}" if not str(values["HOST"]).startswith("/") else ""
    port = f":{values['PORT']}" if values["PORT"] and host else ""
    password = f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else ""
    query = urlencode({"host": values["HOST"]}) if not host and values["HOST"] else ""
    user = quote(values["USER"])
    return f"postgresql://{user}{password}@{host}{port}/{values['NAME']}?{query}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_complete(url: str) -> bool:
    return missing(url) == []


def missing(url: str) -> list[str]:
    """What /readyz lacks; ["web"] while it does not answer."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
            return list(json.load(answer)["missing"])
    except (OSError, urllib.error.URLError, ValueError):
        return ["web"]
