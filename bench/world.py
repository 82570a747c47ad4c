"""Servers, databases and processes of a run; everything is started here and stopped here."""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg

from contactcenter.embedded import programs
from contactcenter.embedded.account import die_with_parent
from contactcenter.embedded.testing import throw_away_servers
from contactcenter.embedded.waiting import answers, becomes

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
SERVERS = ("postgres", "redis", "valkey")


@dataclass
class World:
    """The servers both sides use, one after the other."""

    database: str
    redis: str
    folder: Path
    made: set[str] = field(default_factory=set)  # databases that later rounds find again
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(50))

    def environment(self, database: str) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": url_of(self.database, database),
            "REDIS_URL": self.redis,
            "SECRET_KEY": self.secret,
            "VAR_DIR": str(self.folder),
            "DEMO": "1",
            "REDIS_PREFIX": "bench",
            "LIMIT_VISITOR_PER_MINUTE": "10000000",
            "LIMIT_VISITOR_BURST": "1000000",
            "LIMIT_AGENT_PER_MINUTE": "10000000",
            "WORKERS": "1",
            "LIMIT_UPLOADS_PER_MINUTE": "1000000",
            "QUOTA_VISITOR_MEGABYTES": "1000000",
            "QUOTA_VISITOR_FILES": "1000000",
        }

    def server_processes(self) -> list[psutil.Process]:
        """PostgreSQL's and Redis' own: children of this process."""
        me = psutil.Process()
        return [child for child in me.children(recursive=True) if is_server(child)]


@dataclass
class Running:
    """A side that answers. Its web processes come first, the worker for files last."""

    url: str
    processes: list[subprocess.Popen[bytes]]
    world: World
    webs: int = 1
    has_files: bool = False

    @property
    def urls(self) -> list[str]:
        """One of each web process; their ports follow each other."""
        name, port = self.url.rsplit(":", 1)
        return [f"{name}:{int(port) + number}" for number in range(self.webs)]

    def cpu_seconds(self) -> dict[str, float]:
        """Used so far: by the web processes, by worker and beat, by what checks files, by
        PostgreSQL and Redis."""
        used = {"web": 0.0, "clock": 0.0, "files": 0.0, "servers": 0.0}
        for number, process in enumerate(self.processes):
            own = psutil.Process(process.pid)
            kind = "web" if number < self.webs else "clock"
            if self.has_files and process is self.processes[-1]:
                kind = "files"
            used[kind] += sum(seconds_of(each) for each in [own, *own.children(recursive=True)])
        # a connection that closed is counted among its parent's children
        used["servers"] = sum(seconds_of(each) for each in self.world.server_processes())
        return used

    def workers_of_files(self) -> list[psutil.Process]:
        """The worker and its processes, without the children that open files."""
        worker = psutil.Process(self.processes[-1].pid)
        return [worker, *worker.children()]

    def web_memory(self) -> int:
        """Resident bytes of the (first) web process."""
        return int(psutil.Process(self.processes[0].pid).memory_info().rss)


def is_server(process: psutil.Process) -> bool:
    with suppress(psutil.Error):  # gone, or a zombie
        return any(word in " ".join(process.cmdline()) for word in SERVERS)
    return False


def seconds_of(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


@contextmanager
def world() -> Iterator[World]:
    with (
        tempfile.TemporaryDirectory(prefix="contact-center-bench-") as folder,
        throw_away_servers(safe=True) as (database, redis),
    ):
        yield World(database, redis, Path(folder))


def url_of(url: str, database: str) -> str:
    """The same server, another database."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{database}"))


def make_database(world: World, name: str) -> None:
    with psycopg.connect(world.database, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')


@contextmanager
def product(
    world: World, database: str, *, webs: int = 1, clock: bool = True, files: bool = False
) -> Iterator[Running]:
    environment = world.environment(database)
    port = 18200
    commands = []
    for number in range(webs):
        commands.append(("web", {"PORT": str(port + number)}))
    commands += [(name, {}) for name in ("worker", "beat") if clock]
    commands += [("files", {})] if files else []
    (world.folder / "beat").mkdir(exist_ok=True)
    environment["PUBLIC_URL"] = f"http://localhost:{port}"
    started = [
        start(
            world,
            f"{name}{number}",
            programs.words(programs.COMMANDS[name], environment),
            {**environment, **more},
        )
        for number, (name, more) in enumerate(commands)
    ]
    with stopping(started):
        for number in range(webs):
            wait_for(f"http://localhost:{port + number}/healthz", started, world)
        yield Running(f"ws://localhost:{port}", started, world, webs, files)


@contextmanager
def floor(world: World, database: str) -> Iterator[Running]:
    port = 18300
    environment = {**world.environment(database), "PORT": str(port)}
    process = start(world, "floor", (sys.executable, "-m", "bench.floor.server"), environment)
    with stopping([process]):
        wait_for(f"http://localhost:{port}/", [process], world)
        yield Running(f"ws://localhost:{port}", [process], world)


def start(
    world: World, name: str, command: tuple[str, ...], environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    log = (world.folder / f"{name}.log").open("ab")
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=log,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )


@contextmanager
def stopping(processes: list[subprocess.Popen[bytes]]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(url: str, processes: list[subprocess.Popen[bytes]], world: World) -> None:
    """Until somebody answers there, whatever the answer is; not on when one of them has died."""

    def is_over() -> bool:
        return answers(url) or any(process.poll() is not None for process in processes)

    becomes(is_over, START_SECONDS)
    if not answers(url):
        logs = "\n".join(path.read_text()[-1500:] for path in world.folder.glob("*.log"))
        raise RuntimeError(f"no answer at {url}\n{logs}")
