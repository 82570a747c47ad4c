"""`bin/run`: the whole product on this machine, until Ctrl-C."""

import os
import secrets
import signal
import time
from dataclasses import asdict
from types import FrameType

from contactcenter.embedded import account, leftovers, postgres, programs, servers
from contactcenter.embedded.address import Address
from contactcenter.embedded.binaries import Choice
from contactcenter.embedded.console import Console
from contactcenter.embedded.folder import Folder, make_socket_folder
from contactcenter.embedded.greeting import greeting
from contactcenter.embedded.postgres import PostgreSQL
from contactcenter.embedded.processes import Process
from contactcenter.embedded.redis import Redis
from contactcenter.embedded.supervisor import Supervisor


class StopRequested(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal. Nobody on the way may catch it by mistake."""


class Run:
    """One start of the product, from the free port to the last goodbye."""

    def __init__(self, folder: Folder, console: Console) -> None:
        self.folder, self.console = folder, console
        self.address = Address(os.environ.get("HOST") or "127.0.0.1", _port())
        self.supervisor = Supervisor(console)
        self.mark = secrets.token_hex(8)
        self.is_stopping = False

    def until_stopped(self, *, fresh: bool = False) -> None:
        """Returns after Ctrl-C, SIGTERM or SIGHUP; `fresh` erases all data first.

        Raises Trouble when it cannot go on.
        """
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._on_signal)
        try:
            leftovers.clear(self.folder)
            self.address.insist_on_free()
            if fresh:
                self.folder.erase()
            self._start()
            self.supervisor.watch()
        except StopRequested:
            self.console.say("\nStopping…")
        finally:
            self.is_stopping = True
            self.supervisor.stop()
            leftovers.clear(self.folder)
        self.console.say("Stopped.")

    def _on_signal(self, signum: int, frame: FrameType | None) -> None:
        """The first one stops everything politely, a second one quickly. Prints nothing: it may
        have come in the middle of a print."""
        if self.is_stopping:
            self.supervisor.is_hurried = True
            return
        self.is_stopping = True
        raise StopRequested

    def _start(self) -> None:
        began = time.monotonic()
        self.folder.write("run.json", {"mark": self.mark})
        building = {**os.environ, "BUILDING": "1", leftovers.MARK: self.mark}
        translations = self._begin("translations", programs.TRANSLATIONS, building)
        environment = self._environment(self._start_servers())
        self.supervisor.complete(translations, "Translations")
        migrate = self._begin("migrate", programs.MIGRATE, environment)
        self.supervisor.complete(migrate, "Database tables")
        self._seed(environment)
        for name in programs.COMMANDS:
            self.supervisor.launch(programs.program(name, environment))
        self.supervisor.wait("Web, workers and beat", self.address.is_ready, news=self.address.news)
        self.console.say(greeting(environment, time.monotonic() - began))
        self.console.open_up()

    def _start_servers(self) -> dict[str, str]:
        """PostgreSQL and Redis side by side, each unless its URL is given; returns the URLs."""
        data = self.folder.path / "postgres"
        who = account.for_servers(data)
        memory = self.folder.read(servers.MEMORY)
        database = servers.decide(servers.POSTGRES, memory, who, postgres.data_version(data))
        cache = servers.decide(servers.REDIS, memory, who)
        sockets = make_socket_folder(who)
        self.folder.write("run.json", {"mark": self.mark, "sockets": str(sockets)})
        starting: list[tuple[Choice, PostgreSQL | Redis, Process]] = []
        if cache.source != "url":
            redis = Redis(cache, sockets, who)
            starting.append((cache, redis, self._launch_server(redis)))
        if database.source != "url":
            postgresql = PostgreSQL(database, data, sockets, who)
            postgresql.prepare()
            starting.append((database, postgresql, self._launch_server(postgresql)))
        urls = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
        for choice, server, process in starting:
            label = f"{server.label} ({choice.source})"
            self.supervisor.wait(label, server.is_ready, since=process.started)
            urls[server.variable] = server.url
        self.folder.write(servers.MEMORY, {"postgresql": asdict(database), "redis": asdict(cache)})
        return urls

    def _launch_server(self, server: PostgreSQL | Redis) -> Process:
        program = server.program()
        return self.supervisor.launch(program, log=self.folder.path / "log" / f"{program.name}.log")

    def _begin(self, name: str, command: str, environment: dict[str, str]) -> Process:
        return self.supervisor.begin(programs.step(name, command, environment))

    def _environment(self, urls: dict[str, str]) -> dict[str, str]:
        """What all processes get. Its core is kept for `manage`, while we run."""
        environment = programs.environment_of(
            urls, self.folder.secrets(), self.folder.path, self.address.port
        )
        core = {name: environment[name] for name in programs.ENVIRONMENT}
        self.folder.write("run.json", self.folder.read("run.json") | {"environment": core})
        return environment | {leftovers.MARK: self.mark}

    def _seed(self, environment: dict[str, str]) -> None:
        """The demonstration data, once in the life of this folder."""
        if environment["DEMO"] != "1" or self.folder.read("state.json").get("seeded"):
            return
        seed = self._begin("seed_demo", programs.SEED, environment)
        self.supervisor.complete(seed, "Demonstration data")
        self.folder.write("state.json", {"seeded": True})


def _port() -> str:
    return os.environ.get("PORT") or "8000"
