"""Throw-away servers: a real PostgreSQL and Redis for tests, gone afterwards."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contactcenter.embedded import account, servers
from contactcenter.embedded.console import Console
from contactcenter.embedded.folder import make_socket_folder
from contactcenter.embedded.postgres import PostgreSQL
from contactcenter.embedded.redis import Redis
from contactcenter.embedded.supervisor import Supervisor


@contextmanager
def throw_away_servers(
    console: Console | None = None, *, safe: bool = False
) -> Iterator[tuple[str, str]]:
    """Yields (database URL, Redis URL): those of the environment, else fresh servers.

    SERVERS forces a source as in bin/run. The database role may create databases. Unless `safe`,
    what is not on disk after a power cut is lost: never for data that anybody wants back, nor for
    measuring what a commit takes. Main thread only. Raises Trouble when there is no server to
    start.
    """
    wished = servers.wish()
    who = account.for_servers(Path("/nowhere"))
    database = servers.choose(servers.POSTGRES, wished, who)
    cache = servers.choose(servers.REDIS, wished, who)
    urls = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    folder = make_socket_folder(who)
    supervisor = Supervisor(console or Console())
    try:
        started: list[PostgreSQL | Redis] = []
        if cache.source != "url":
            started.append(Redis(cache, folder, who))
        if database.source != "url":
            postgresql = PostgreSQL(database, folder / "data", folder, who, safe=safe)
            postgresql.prepare()
            started.append(postgresql)
        for server in started:
            program = server.program()
            supervisor.launch(program, log=folder / f"{program.name}.log")
        for server in started:
            supervisor.wait(server.label, server.is_ready)
            urls[server.variable] = server.url
        yield urls["DATABASE_URL"], urls["REDIS_URL"]
    finally:
        supervisor.stop()
        shutil.rmtree(folder, ignore_errors=True)


def serve_until_stopped() -> None:
    """For a session at the keyboard: prints the URLs as shell assignments, waits for Ctrl-C."""
    with throw_away_servers() as (database_url, redis_url):
        print(f"export DATABASE_URL='{database_url}' REDIS_URL='{redis_url}'", flush=True)
        signal.pause()
