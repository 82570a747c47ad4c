"""Giving out work while another transaction holds an old snapshot: nothing that was deleted or
changed since can be cleaned away, and the head of the line lies behind all of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from agents.models import Project
from bench.inside import yardstick
from bench.inside.crowd import analyze, arrive, make_shop
from bench.inside.meter import Meter
from conversations import routing

RESERVE = 500  # who wait at least, so that there is always one to give out
FREE_ONE = """
WITH freed AS (
    UPDATE conversations_assignment SET ended_at = clock_timestamp(), outcome = 'ended'
    WHERE id = (SELECT min(id) FROM conversations_assignment
                WHERE project_id = %(project)s AND ended_at IS NULL) RETURNING agent_id
)
SELECT agent_id FROM freed
"""
Give = Callable[[Project], bool]
Rates = tuple[float, float]  # a second of time, and of CPU
Sides = dict[str, dict[str, float]]


def measure(*, seconds: float, agents: int) -> Sides:
    """Assignments a second while nobody holds anything, and at the end of `seconds` of a held
    snapshot; the product and the one statement in turn."""
    return {
        "product": held_and_not(seconds, agents, give_by_fill),
        "yardstick": held_and_not(seconds, agents, give_by_statement),
    }


def give_by_fill(shop: Project) -> bool:
    return bool(routing.fill(shop.pk))


def give_by_statement(shop: Project) -> bool:
    return yardstick.assign_one(shop.campaigns.get().pk)


def held_and_not(seconds: float, agents: int, give: Give) -> dict[str, float]:
    shop = make_shop(agents, 4)
    yardstick.prepare(shop)
    arrive(shop, RESERVE + agents * 4)
    analyze()
    while give(shop):
        pass  # until everybody is full: from here on one slot comes free at a time
    normal = work(shop, give, seconds / 4)
    with old_snapshot():
        work(shop, give, seconds * 3 / 4)
        held = work(shop, give, seconds / 4)
    return {
        "normal_per_second": normal[0],
        "held_per_second": held[0],
        "kept": held[0] / normal[0],
        "kept_of_cpu": held[1] / normal[1],
    }


@contextmanager
def old_snapshot() -> Iterator[None]:
    values = connection.get_connection_params()
    known = {
        key: values[key] for key in ("host", "port", "user", "dbname", "password") if key in values
    }
    with psycopg.connect(**known) as other:
        other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        other.execute("SELECT count(*) FROM agents_project")
        yield


def work(shop: Project, give: Give, seconds: float) -> Rates:
    """Assignments a second of the time, and of the CPU, spent giving: one slot comes free, one is
    given out."""
    given, meter, until = 0, Meter(), time.monotonic() + seconds
    while time.monotonic() < until:
        if given % RESERVE == 0:
            arrive(shop, RESERVE)
        free_one(shop)
        with meter:
            assert give(shop)
        given += 1
    return given / meter.seconds, given / meter.cpu


def free_one(shop: Project) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FREE_ONE, {"project": shop.pk})
        (agent,) = cursor.fetchone()
        cursor.execute("UPDATE bench_slots SET load = load - 1 WHERE agent_id = %s", [agent])
