"""Each fault shows at /readyz within ten seconds and goes by itself (P-17); a mute Redis stops
nobody (P-13). The parts are real, the lines to them are made bad."""

import signal
import threading
import time
import uuid
from collections.abc import Iterator

import httpx
import psutil
import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from agents import limits
from agents.models import Agent
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import make_agent, make_project, ready, write
from contactcenter.tests.bad_lines import (
    SHOWS,
    BadLines,
    browser,
    console,
    heard,
    postgres_place,
    redis_place,
)
from contactcenter.tests.stack import is_complete
from conversations.models import Inbox
from faults.proxy import Proxy

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("committed")]


@pytest.fixture(scope="module")
def bad(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BadLines]:
    with django_db_blocker.unblock():
        role = f"limited_{uuid.uuid4().hex[:6]}"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {role} LOGIN")
            cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
            cursor.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}")
        with (
            Proxy("to PostgreSQL", postgres_place()) as postgres,
            Proxy("to Redis", redis_place()) as redis,
            BadLines(tmp_path_factory.mktemp("bad"), postgres, redis, role) as running,
        ):
            yield running
            postgres.mode()
            redis.mode()


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


@pytest.fixture
def ana(web: Inbox) -> Agent:
    return make_agent(web.project, "Ana")


@pytest.fixture(autouse=True)
def well(bad: BadLines) -> Iterator[None]:
    bad.heals()
    yield
    bad.postgres.mode()
    bad.redis.mode()


# PostgreSQL


@pytest.mark.parametrize("mode", ["swallow", "refuse"])
def test_postgres_gone_is_503_and_hangs_nothing(bad: BadLines, web: Inbox, mode: str) -> None:
    bad.postgres.mode(mode)
    if mode == "refuse":
        bad.postgres.cut()
    bad.shows(503, "database")
    numbers, seconds = bad.metrics()
    assert numbers["contactcenter_facts_known"] == 0
    assert numbers['contactcenter_up{part="database"}'] == 0
    assert numbers["process_resident_memory_bytes"] > 0
    assert seconds < 3
    bad.postgres.mode()
    bad.heals()
    page = f"{bad.url}/webchat/{web.key}/"
    wait_until(lambda: httpx.get(page, timeout=30).status_code == 200, 10)


def test_a_server_that_takes_no_more_connections_degrades(bad: BadLines) -> None:
    """Who has one works on; a crowd would not."""
    limit(bad, 1)
    try:
        bad.shows(200, "connections")
    finally:
        limit(bad, -1)
    bad.heals()


def limit(bad: BadLines, connections: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {bad.role} CONNECTION LIMIT {connections}")


def test_a_pool_that_is_used_up_degrades(bad: BadLines, ana: Agent) -> None:
    """Everybody's session is locked away: sixteen wait for it, the others for a connection."""
    page = browser(ana, bad.url)
    address = f"/p/{ana.project.slug}/"

    def ask() -> None:
        page.get(address)

    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
        people = [threading.Thread(target=ask, daemon=True) for _ in range(24)]
        for person in people:
            person.start()
        try:
            bad.shows(200, "connections")
        finally:
            cursor.execute("ROLLBACK")
    for person in people:
        person.join(30)
    bad.heals()
    assert page.get(address).status_code == 200


# Redis


@pytest.mark.parametrize("mode", ["swallow", "reset"])
def test_without_redis_agents_read_and_write_and_new_consoles_open(
    bad: BadLines, web: Inbox, ana: Agent, mode: str
) -> None:
    conversation = write(web).conversation
    page, slug = browser(ana, bad.url), ana.project.slug
    posts = f"/p/{slug}/c/{conversation.pk}/messages/"
    with console(bad, page, slug) as old:
        assert page.post(f"/p/{slug}/availability/", data={"state": "available"}).is_success
        bad.redis.mode(mode)
        bad.shows(200, "redis")
        for number in range(5):
            began = time.monotonic()
            assert page.get(f"/p/{slug}/").status_code == 200
            message = {"id": str(uuid.uuid4()), "text": f"Number {number}"}
            assert page.post(posts, data=message).status_code == 200
            assert time.monotonic() - began < 3
        with console(bad, page, slug) as new:
            assert heard(new, "beat", 15)["figures"]["online"] == 1
            bad.redis.mode()
            bad.heals()
            message = {"id": str(uuid.uuid4()), "text": "At last"}
            assert page.post(posts, data=message).status_code == 200
            for line in (old, new):
                heard(line, "push", 10, "At last")


def test_lines_to_redis_that_died_without_a_word_are_made_anew(
    bad: BadLines, web: Inbox, ana: Agent
) -> None:
    """A firewall forgot them: nobody hangs up, nothing comes through, and new ones are well."""
    conversation = write(web).conversation
    page, slug = browser(ana, bad.url), ana.project.slug
    with console(bad, page, slug) as line:
        assert page.post(f"/p/{slug}/availability/", data={"state": "available"}).is_success
        heard(line, "push", 10)
        bad.redis.mode("swallow", only_open=True)
        bad.shows(200, "live")
        wait_until(lambda: is_complete(bad.url), 45, lambda: f"{bad.says()}\n{bad.logs()}")
        message = {"id": str(uuid.uuid4()), "text": "At last"}
        posts = f"/p/{slug}/c/{conversation.pk}/messages/"
        assert page.post(posts, data=message).status_code == 200
        heard(line, "push", 5, "At last")


def test_a_redis_that_lost_everything_is_noticed(bad: BadLines) -> None:
    known = limits.redis(5.0)

    def emptied() -> float:
        return bad.metrics()[0]["contactcenter_redis_emptied_total"]

    before = emptied()
    for key in known.scan_iter(f"{bad.environment['REDIS_PREFIX']}:*"):
        known.delete(key)
    wait_until(lambda: emptied() > before, SHOWS)
    bad.heals()


# Worker and beat


def test_a_worker_that_stands_still_and_one_whose_jobs_do(bad: BadLines) -> None:
    worker = psutil.Process(bad.processes["worker"].pid)
    for stopped, part in ((worker, "worker"), (worker.children()[0], "jobs")):
        stopped.send_signal(signal.SIGSTOP)
        try:
            bad.shows(200, part, seconds=15)
        finally:
            stopped.send_signal(signal.SIGCONT)
        bad.heals()


def test_a_second_beat_does_no_harm(bad: BadLines, web: Inbox, ana: Agent) -> None:
    first = bad.processes["beat"]
    bad.start_beat()
    ready(ana)
    conversation = write(web).conversation
    wait_until(lambda: conversation.assignments.filter(ended_at=None).exists(), SHOWS)
    bad.heals()
    bad.processes["beat"].terminate()
    bad.processes["beat"].wait(10)
    bad.processes["beat"] = first
    bad.heals()
