"""What this web process knows of itself and of its neighbours, never older than a few seconds.

Every two seconds, in threads of their own, somebody looks at PostgreSQL and at Redis; /readyz and
/metrics serve the last answer, so a neighbour that never answers cannot hang them. Each fault of
promise P-17 shows within ten seconds and goes by itself.
"""

import logging
import os
import secrets
from typing import Any

import psycopg
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from agents import counting, layers, limits
from contactcenter import alive
from contactcenter.looking import Look
from contactcenter.patience import HastyConnection
from conversations import heartbeat, readings
from media import scanning, storing

logger = logging.getLogger("contactcenter.watching")

EVERY = 2.0
STALE = 7.0  # seconds without an answer, good or bad, are an answer, too
FIRST = 3.0  # seconds a process that has just started is given for its first look
HASTE = 1.5  # seconds for Redis
LATE = 10.0  # seconds without a turn of the heartbeat
FULL = ("too many clients", "too many connections", "remaining connection slots")
STATEMENT = "-c statement_timeout=2000"

# Everything /readyz can miss. Without the first three it is 503.
PARTS = (
    "database",
    "migrations",
    "draining",
    "connections",
    "redis",
    "live",
    "worker",
    "beat",
    "jobs",
    "files",
    "scanner",
    "storage",
    "heartbeat",
)
FATAL = PARTS[:3]


class Database:
    """A new connection for each look: that is what a page needs, too, once its own has died."""

    def __init__(self) -> None:
        self.is_migrated = False
        self.was_down = False
        self.waited = 0

    def __call__(self) -> list[str]:
        """What is missing. Raises when PostgreSQL is."""
        try:
            with HastyConnection.connect(**self._parameters()) as line:
                line.execute("SELECT 1")
        except psycopg.OperationalError as error:
            if is_full(error):
                return ["connections"]
            self.was_down = True
            raise
        if self.was_down:
            self._wake_the_pool()
            self.was_down = False
        return [*self._migrations(), *self._pool()]

    def _parameters(self) -> dict[str, Any]:
        known = connection.get_connection_params()
        kept = {k: v for k, v in known.items() if k not in {"pool", "context", "cursor_factory"}}
        return kept | {"autocommit": True, "connect_timeout": 2, "options": STATEMENT}

    def _migrations(self) -> list[str]:
        """Asked until they are complete once: they do not come undone while a process lives."""
        if not self.is_migrated:
            try:
                executor = MigrationExecutor(connection)
                plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
                self.is_migrated = not plan
            finally:
                connection.close()
        return [] if self.is_migrated else ["migrations"]

    def _wake_the_pool(self) -> None:
        """It lost its connections and gave up on new ones; whoever waits must not wait longer."""
        try:
            connection.ensure_connection()
        finally:
            connection.close()

    def _pool(self) -> list[str]:
        """Nothing free, and people who wait: at two looks in a row is no coincidence."""
        waiting = pool_stats().get("requests_waiting", 0)
        was, self.waited = self.waited, waiting
        return ["connections"] if was and waiting else []


def is_full(error: psycopg.OperationalError) -> bool:
    """While connecting the server's code does not come with the error, only its sentence."""
    return any(words in str(error) for words in FULL)


def read_facts() -> readings.Readings:
    try:
        return readings.read()
    finally:
        connection.close()


def pool_stats() -> dict[str, int]:
    pool = getattr(connection, "pool", None)
    return dict(pool.get_stats()) if pool else {}


class Redis:
    """One key of this process tells a Redis that has lost everything."""

    def __init__(self) -> None:
        self.mark = f"{alive.key('web')}:{os.getpid()}-{secrets.token_hex(4)}"
        self.is_marked = False

    def __call__(self) -> list[str]:
        """Which of the others do not say that they live. Raises when Redis does not answer."""
        said = (alive.WORKER, alive.BEAT, alive.JOBS, alive.FILES)
        ask = limits.redis(HASTE).pipeline(transaction=False)
        ask.set(self.mark, 1, ex=60, get=True)
        ask.mget([alive.key(part) for part in said])
        mark, keys = ask.execute()
        is_emptied, self.is_marked = self.is_marked and not mark, True
        if is_emptied:
            counting.emptied.inc()
            return ["redis"]
        missing = {part for part, key in zip(said, keys, strict=True) if not key}
        if {alive.WORKER, alive.BEAT} & missing:
            missing -= {alive.JOBS}  # without worker and clock none are done: that is no news
        return sorted(missing)


scanner = Look("watching-scanner", scanning.ping, every=EVERY)
storage = Look("watching-storage", storing.probe, every=2 * EVERY)
database = Look("watching-database", Database(), every=EVERY)
redis = Look("watching-redis", Redis(), every=EVERY)
facts = Look("watching-facts", read_facts)


def start() -> None:
    """In a web process, as it starts; elsewhere whoever asks first does it."""
    for look in looks():
        look.start()


def looks() -> list[Look]:
    return [database, redis, storage, *([scanner] if scanning.is_wanted() else [])]


def missing() -> list[str]:
    """What this process lacks, in the order of PARTS; empty when all is well."""
    for look in looks():
        look.first(FIRST)
    found = {*_said(database, "database"), *_said(redis, "redis"), *_said(storage, "storage")}
    if scanning.is_wanted():
        found.update(_said(scanner, "scanner"))
    if alive.draining.is_set():
        found.add("draining")
    if not layers.hears():
        found.add("live")
    if heartbeat.lateness() > LATE:
        found.add("heartbeat")
    return [part for part in PARTS if part in found]


def _said(look: Look, part: str) -> list[str]:
    return [part] if look.problem or look.age > STALE else look.answer or []
