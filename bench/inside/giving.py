"""Giving out work: `routing.fill` beside the best one-statement assignment, in one process."""

import time
from collections.abc import Callable
from statistics import median

from agents.models import Project
from bench.inside import yardstick
from bench.inside.crowd import analyze, arrive, make_shop
from bench.inside.meter import Meter
from conversations import routing

Sides = dict[str, dict[str, float]]
TEAMS = (10, 100, 1000)


def measure(*, agents: int, waiting: int, ones: int) -> Sides:
    """`waiting` customers onto `agents` agents, both ways; then `ones` customers one by one."""
    product = all_at_once(agents, waiting, lambda shop: len(routing.fill(shop.pk)))
    for team in TEAMS:
        product |= one_by_one(team, ones)
    return {"product": product, "yardstick": all_at_once(agents, waiting, yardstick.drain)}


def all_at_once(agents: int, waiting: int, give: Callable[[Project], int]) -> dict[str, float]:
    shop = make_shop(agents, -(-waiting // agents))
    yardstick.prepare(shop)
    arrive(shop, waiting)
    analyze()
    with Meter() as meter:
        given = give(shop)
    assert given == waiting, f"{given} of {waiting} were given out"
    return {
        "all_seconds": meter.seconds,
        "all_cpu_seconds": meter.cpu,
        "per_second": given / meter.seconds,
        "per_cpu_second": given / meter.cpu,
    }


def one_by_one(agents: int, times: int) -> dict[str, float]:
    """Milliseconds until one who waits is assigned and their agent's screen is told: the median;
    and the CPU of it."""
    shop = make_shop(agents, 100)
    arrive(shop, 1)
    analyze()
    for _ in range(6):  # by then the statements are prepared
        arrive(shop, 1)
        routing.fill(shop.pk)
    took, meter = [], Meter()
    for _ in range(times):
        arrive(shop, 1)
        began = time.perf_counter()
        with meter:
            assert len(routing.fill(shop.pk)) == 1
        took.append((time.perf_counter() - began) * 1000)
    return {
        f"one_onto_{agents}_ms": median(took),
        f"one_onto_{agents}_cpu_ms": meter.cpu * 1000 / times,
    }
