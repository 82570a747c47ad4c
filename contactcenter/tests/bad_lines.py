"""The product behind lines that can be made bad, and agents at it without a page."""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.db import connection
from django.test import Client
from psycopg.conninfo import conninfo_to_dict
from websockets.sync.client import ClientConnection, connect

from agents import limits
from agents.models import Agent
from contactcenter.embedded.waiting import wait_until
from contactcenter.tests.stack import Stack, database_url, is_complete
from faults.proxy import Proxy

SHOWS = 10.0  # seconds (P-17)
HEALS = 20.0
CSRF = "c" * 32


class BadLines(Stack):
    """The product behind two lines that can be made bad, as a role that can be limited."""

    def __init__(self, folder: Path, postgres: Proxy, redis: Proxy, role: str) -> None:
        self.postgres, self.redis, self.role = postgres, redis, role
        name = connection.settings_dict["NAME"]
        super().__init__(
            folder,
            DATABASE_URL=f"postgresql://{role}@127.0.0.1:{postgres.port}/{name}",
            REDIS_URL=f"redis://127.0.0.1:{redis.port}/0",
            REDIS_PREFIX=f"{settings.REDIS_PREFIX}-bad-lines",
        )

    def says(self) -> tuple[int, list[str]]:
        """What /readyz answers; a slow answer is a failure in itself."""
        began = time.monotonic()
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=SHOWS) as answer:
                status, body = answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            status, body = error.code, json.load(error)
        assert time.monotonic() - began < 4, "it hung"
        return status, body["missing"]

    def shows(self, status: int, *parts: str, seconds: float = SHOWS) -> None:
        last: list[Any] = []

        def is_shown() -> bool:
            last[:] = self.says()
            return last[0] == status and set(parts) <= set(last[1])

        wait_until(is_shown, seconds, lambda: f"{last}\n{self.logs()}")

    def heals(self) -> None:
        wait_until(lambda: is_complete(self.url), HEALS, lambda: f"{self.says()}\n{self.logs()}")

    def metrics(self) -> tuple[dict[str, float], float]:
        """The numbers, and how long they took."""
        began = time.monotonic()
        text = httpx.get(f"{self.url}/metrics", timeout=SHOWS).text
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
        return {name: float(number) for name, number in lines}, time.monotonic() - began


def postgres_place() -> Path | tuple[str, int]:
    known = conninfo_to_dict(database_url())
    host, port = str(known.get("host", "localhost")), str(known.get("port", "5432"))
    return Path(host) / f".s.PGSQL.{port}" if host.startswith("/") else (host, int(port))


def redis_place() -> Path | tuple[str, int]:
    known = limits.redis().connection_pool.connection_kwargs
    return Path(known["path"]) if "path" in known else (known["host"], known["port"])


def browser(agent: Agent, url: str) -> httpx.Client:
    """Signed in, as a page would be."""
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    cookies[settings.CSRF_COOKIE_NAME] = CSRF
    headers = {"X-CSRFToken": CSRF, "X-Requested-With": "fetch"}
    return httpx.Client(base_url=url, cookies=cookies, headers=headers, timeout=30)


def console(bad: Stack, page: httpx.Client, slug: str) -> ClientConnection:
    cookie = f"{settings.SESSION_COOKIE_NAME}={page.cookies[settings.SESSION_COOKIE_NAME]}"
    address = bad.url.replace("http", "ws") + f"/ws/console/{slug}/"
    return connect(address, origin=bad.url, additional_headers={"Cookie": cookie}, legacy=True)


def heard(line: ClientConnection, kind: str, seconds: float, words: str = "") -> dict[str, Any]:
    """The next such frame, with those words in it."""
    until = time.monotonic() + seconds
    while True:
        frame = json.loads(line.recv(max(0.0, until - time.monotonic())))
        if frame["type"] == kind and words in frame.get("html", ""):
            return frame
