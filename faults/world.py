"""The product as it runs behind nginx: every process a child, a bad line between every two."""

import contextlib
import io
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from contactcenter.embedded import account, nginx, programs, servers
from contactcenter.embedded.console import Console
from contactcenter.embedded.folder import make_socket_folder
from contactcenter.embedded.nginx import Nginx
from contactcenter.embedded.postgres import PostgreSQL
from contactcenter.embedded.processes import Process
from contactcenter.embedded.redis import Redis
from contactcenter.embedded.supervisor import Supervisor
from contactcenter.embedded.waiting import wait_until
from contactcenter.tests.stack import free_port
from faults import vitals
from faults.proxy import Proxy

ROOT = Path(__file__).resolve().parent.parent
WEBS, WORKERS = ("web1", "web2"), ("worker1", "worker2")
APPS = (*WEBS, *WORKERS, "files", "beat")
START_SECONDS = 60.0
AGAIN = "-again"
# Made-up customers and agents are faster than people.
LIMITS = {
    "LIMIT_VISITOR_PER_MINUTE": "100000",
    "LIMIT_VISITOR_BURST": "10000",
    "LIMIT_AGENT_PER_MINUTE": "100000",
    "LIMIT_AGENT_BURST": "10000",
}


class World:
    """Starts on entry, and waits until nothing is missing. What died stays dead until `start`.

    `proxies` by name: `web1-postgres`, `worker2-redis`, `nginx-web1`, `customers-nginx`,
    `agents-nginx`.
    """

    def __init__(self) -> None:
        self.supervisor = Supervisor(Console(io.StringIO()))
        self.processes: dict[str, Process] = {}
        self.proxies: dict[str, Proxy] = {}
        self.ports = {name: free_port() for name in (*WEBS, "nginx")}

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="contact-center-faults-"))
        (self.folder / "beat").mkdir()
        try:
            self._start_servers()
            self._migrate()
            self._start_apps()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *reason: object) -> None:
        for proxy in self.proxies.values():
            proxy.mode()
        for process in self.processes.values():
            process.send(signal.SIGCONT)
        self.supervisor.stop()
        for proxy in self.proxies.values():
            proxy.stop()
        for folder in (self.folder, getattr(self, "sockets", self.folder)):
            shutil.rmtree(folder, ignore_errors=True)

    def _start_servers(self) -> None:
        """On a disk that is written to: a crash must not cost what was accepted."""
        who, wished = account.for_servers(Path("/nowhere")), servers.wish()
        wished = "" if wished == "url" else wished
        self.sockets = make_socket_folder(who)
        choices = [self._own(kind, wished, who) for kind in (servers.POSTGRES, servers.REDIS)]
        self.postgres = PostgreSQL(choices[0], self.sockets / "data", self.sockets, who)
        self.postgres.prepare()
        self.redis = Redis(choices[1], self.sockets, who)
        self.nginx = Nginx(nginx.found(), self.sockets / "nginx", self.ports["nginx"], [])
        self.nginx.account = who
        for name, server in (("redis", self.redis), ("postgres", self.postgres)):
            self._launch(name, server.program())
            wait_until(server.is_ready, START_SECONDS, self.logs)

    @staticmethod
    def _own(kind: servers.Kind, wished: str, who: account.Account | None) -> Any:
        """A server that may be killed, also where a URL names another one."""
        for source in [wished] if wished else ("system", "wheels"):
            with contextlib.suppress(servers.Trouble):
                return servers.choose(kind, source, who)
        raise servers.Trouble(f"There is no {kind.ask_for}.")

    def _migrate(self) -> None:
        self.secret = secrets.token_urlsafe(50)
        self.manage("migrate", "--verbosity", "0")

    def _start_apps(self) -> None:
        postgres, redis = self.sockets / ".s.PGSQL.5432", self.redis.socket
        for name in APPS:
            self._proxy(f"{name}-postgres", postgres, is_postgres=True)
            self._proxy(f"{name}-redis", redis)
            kind = name.rstrip("12")
            program = programs.program(kind, self.environment(name))
            self._launch(name, replace(program, name=name))
        for name in WEBS:
            self._proxy(f"nginx-{name}", ("127.0.0.1", self.ports[name]))
        self.nginx.webs = [f"127.0.0.1:{self.proxies[f'nginx-{name}'].port}" for name in WEBS]
        self._launch("nginx", self.nginx.program())
        for people in ("customers", "agents"):
            self._proxy(f"{people}-nginx", ("127.0.0.1", self.ports["nginx"]))
        wait_until(self.is_complete, START_SECONDS, self.logs)

    def _proxy(self, name: str, target: Any, **options: Any) -> None:
        self.proxies[name] = Proxy(name, target, **options)
        self.proxies[name].start()

    def _launch(self, name: str, program: Any) -> None:
        log = self.folder / f"{name}.log"
        self.processes[name] = self.supervisor.launch(program, log=log)

    def environment(self, name: str = "") -> dict[str, str]:
        """With a name: that process', whose servers are behind its own proxies."""
        urls = {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.redis.url}
        if name:
            door = f"127.0.0.1:{self.proxies[f'{name}-postgres'].port}"
            urls["DATABASE_URL"] = (
                f"postgresql://contactcenter@{door}/contactcenter?sslmode=disable"
            )
            urls["REDIS_URL"] = f"redis://127.0.0.1:{self.proxies[f'{name}-redis'].port}/0"
        port = self.ports.get(name, self.ports["nginx"])
        own = programs.environment_of(urls, {"SECRET_KEY": self.secret}, self.folder, port)
        return own | LIMITS | {"TRUSTED_PROXIES": "1", "WORKERS": "1", "PYTHONFAULTHANDLER": "1"}

    def manage(self, *arguments: str) -> str:
        """A command beside the running product, straight to the servers; what it said."""
        return self.python("manage.py", *arguments)

    def python(self, *arguments: str) -> str:
        answer = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if not answer.stdout and answer.returncode:
            raise RuntimeError(f"{arguments}: {answer.stderr}")
        return answer.stdout

    # What faults do.

    def kill(self, *names: str) -> None:
        """kill -9, with what they started."""
        for name in names:
            self.processes[name].send(signal.SIGKILL)
        for name in names:
            wait_until(lambda p=self.processes[name]: not p.is_running(), 10)
            self.processes[name].sweep()

    def start(self, *names: str) -> None:
        """What died, again. PostgreSQL may need several attempts after a crash."""
        for name in names:
            self.processes[name].start()
        if "postgres" in names:
            wait_until(self._postgres_stands, START_SECONDS, self.logs)

    def _postgres_stands(self) -> bool:
        if self.postgres.is_ready():
            return True
        if not self.processes["postgres"].is_running():
            self.processes["postgres"].start()
        return False

    def heal(self) -> None:
        """All as at the start, whatever a fault that failed left behind."""
        for proxy in self.proxies.values():
            proxy.mode()
        for name, process in self.processes.items():
            process.send(signal.SIGCONT)
            if not process.is_running() and not name.endswith(AGAIN):
                self.start(name)
        wait_until(self.is_complete, START_SECONDS, self.logs)

    def end(self, name: str, seconds: float = 20.0) -> None:
        """SIGTERM, and the wait until it is gone."""
        process = self.processes[name]
        process.send(signal.SIGTERM)
        try:
            wait_until(lambda: not process.is_running(), seconds)
        except AssertionError:
            process.send(signal.SIGABRT)  # its log tells where each thread stands
            wait_until(lambda: not process.is_running(), 5)
            raise AssertionError(f"{name} did not end\n{self.logs()}") from None

    def until_ready(self, *names: str) -> None:
        """Web processes that started again."""
        wait_until(lambda: all(self.readyz(n)[0] == 200 for n in names), START_SECONDS, self.logs)

    def double(self, name: str) -> None:
        """One more of it, beside the first; its name ends with AGAIN."""
        own = self.environment(name) | {"VAR_DIR": str(self.folder / "again")}
        (self.folder / "again" / "beat").mkdir(parents=True, exist_ok=True)
        self._launch(name + AGAIN, replace(programs.program(name, own), name=name + AGAIN))

    @property
    def doors(self) -> list[Proxy]:
        """The lines by which people come."""
        return [self.proxies["customers-nginx"], self.proxies["agents-nginx"]]

    def lines(self, server: str) -> list[Proxy]:
        """All lines to `postgres` or `redis`."""
        return [proxy for name, proxy in self.proxies.items() if name.endswith(f"-{server}")]

    # What can be seen.

    def is_complete(self) -> bool:
        return all(self.readyz(name) == (200, []) for name in WEBS)

    def readyz(self, name: str) -> tuple[int, list[str]]:
        return vitals.readyz(self.ports[name])

    def memory(self) -> dict[str, int]:
        return vitals.memory(self.processes)

    def logs(self) -> str:
        tails = [
            f"== {path.name}\n{path.read_text(errors='replace')[-1500:]}"
            for path in sorted(self.folder.glob("*.log"))
        ]
        return "\n".join(tails)
