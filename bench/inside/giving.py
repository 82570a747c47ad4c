"""Giving out work: `routing.fill` beside the best one-statement assignment, in one process."""

import time
from statistics import median

from bench.inside import yardstick
from bench.inside.crowd import analyze, arrive, make_shop
from conversations import routing

Sides = dict[str, dict[str, float]]
TEAMS = (10, 100, 1000)


def measure(*, agents: int, waiting: int, ones: int) -> Sides:
    """`waiting` customers onto `agents` agents, both ways; then `ones` customers one by one."""
    product = all_at_once(agents, waiting)
    for team in TEAMS:
        product[f"one_onto_{team}_ms"] = one_by_one(team, ones)
    return {"product": product, "yardstick": one_statement_each(agents, waiting)}


def all_at_once(agents: int, waiting: int) -> dict[str, float]:
    shop = make_shop(agents, -(-waiting // agents))
    arrive(shop, waiting)
    analyze()
    began, cpu = time.perf_counter(), time.process_time()
    given = len(routing.fill(shop.pk))
    took = time.perf_counter() - began
    assert given == waiting, f"{given} of {waiting} were given out"
    return {
        "fill_seconds": took,
        "fill_cpu_seconds": time.process_time() - cpu,
        "assignments_per_second": given / took,
    }


def one_by_one(agents: int, times: int) -> float:
    """Milliseconds until one who waits is assigned and its agent's screen is told; the median."""
    shop = make_shop(agents, 100)
    arrive(shop, 1)
    analyze()
    routing.fill(shop.pk)
    took = []
    for _ in range(times + 1):
        arrive(shop, 1)
        began = time.perf_counter()
        assert len(routing.fill(shop.pk)) == 1
        took.append((time.perf_counter() - began) * 1000)
    return median(took[1:])  # the first one fills caches


def one_statement_each(agents: int, waiting: int) -> dict[str, float]:
    shop = make_shop(agents, -(-waiting // agents))
    yardstick.prepare(shop)
    arrive(shop, waiting)
    analyze()
    began, cpu = time.perf_counter(), time.process_time()
    given = yardstick.drain(shop)
    took = time.perf_counter() - began
    assert given == waiting, f"{given} of {waiting} were given out"
    return {
        "fill_seconds": took,
        "fill_cpu_seconds": time.process_time() - cpu,
        "assignments_per_second": given / took,
    }
