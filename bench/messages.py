"""Customers' messages: a steady rate, as many as it takes, and 500 at one instant."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bench.ledger import Ledger, percentile
from bench.sides import CustomerLine, Scene, floor_scene, product_scene
from bench.turns import inside
from bench.world import Running
from contactcenter.embedded.waiting import soon

AGENTS = 10
SETTLE_SECONDS = 20.0
Measures = dict[str, float]


@asynccontextmanager
async def opened(
    side: Running, database: str, customers: int
) -> AsyncIterator[tuple[Scene, Ledger]]:
    """Every customer has an agent, and the first, slower messages are over."""
    ledger = Ledger()
    if database.startswith("floor"):
        scene_of: Any = floor_scene(side.url, ledger, customers, AGENTS)
    else:
        room = -(-customers // AGENTS) + 1
        people = inside("people", side.world, database=database, agents=AGENTS, capacity=room)
        scene_of = product_scene(side.urls, ledger, people, customers)
    async with scene_of as scene:
        for _ in range(2):
            for batch in range(0, customers, 20):
                await asyncio.gather(
                    *[await line.send() for line in scene.customers[batch : batch + 20]]
                )
        await settle(ledger, scene)
        ledger.forget()
        yield scene, ledger


async def settle(ledger: Ledger, scene: Scene) -> None:
    """Until everything sent is accepted and shown, or the patience is over."""

    def is_settled() -> bool:
        scene.check()
        return ledger.is_settled

    await soon(is_settled, SETTLE_SECONDS, every=0.02)


async def steady(side: Running, database: str, *, rate: float, seconds: float) -> Measures:
    """`rate` messages a second from 90 customers at random instants, 10 agents watching."""
    async with opened(side, database, 90) as (scene, ledger):
        chance = random.Random(1)
        before, started = side.cpu_seconds(), time.perf_counter()
        moment = started
        while moment < started + seconds:
            moment += chance.expovariate(rate)
            await asyncio.sleep(max(0.0, moment - time.perf_counter()))
            await chance.choice(scene.customers).send()
        await settle(ledger, scene)
        return {
            **verdict(ledger),
            **per_message(side, before, len(ledger.acked)),
            "ack_p50_ms": percentile(ledger.ack_times(), 0.5),
            "ack_p99_ms": percentile(ledger.ack_times(), 0.99),
            "shown_p50_ms": percentile(ledger.show_times(), 0.5),
            "shown_p95_ms": percentile(ledger.show_times(), 0.95),
            "shown_p99_ms": percentile(ledger.show_times(), 0.99),
            "shown_max_ms": max(ledger.show_times(), default=0.0),
        }


async def saturate(side: Running, database: str, *, seconds: float) -> Measures:
    """Every one of 90 customers sends the next message when the last one is accepted."""
    async with opened(side, database, 90) as (scene, ledger):
        until = time.perf_counter() + seconds
        before, started = side.cpu_seconds(), time.perf_counter()

        async def hurry(line: CustomerLine) -> None:
            while time.perf_counter() < until:
                await (await line.send())

        await asyncio.gather(*(hurry(line) for line in scene.customers))
        took = time.perf_counter() - started
        accepted = len(ledger.acked)
        await settle(ledger, scene)
        return {
            **verdict(ledger),
            **per_message(side, before, accepted),
            "messages_per_second": accepted / took,
        }


async def burst(side: Running, database: str, *, customers: int = 500) -> Measures:
    """So many customers write at one instant."""
    async with opened(side, database, customers) as (scene, ledger):
        started = time.perf_counter()
        await asyncio.gather(*[await line.send() for line in scene.customers])
        await settle(ledger, scene)
        return {**verdict(ledger), "all_shown_seconds": max(ledger.shown.values()) - started}


def per_message(side: Running, before: dict[str, float], messages: int) -> Measures:
    """CPU since `before`, in milliseconds a message."""
    used = {kind: at - before[kind] for kind, at in side.cpu_seconds().items()}
    shares = {f"cpu_{kind}_ms": seconds * 1000 / max(1, messages) for kind, seconds in used.items()}
    return {**shares, "cpu_ms_per_message": sum(shares.values())}


def verdict(ledger: Ledger) -> Measures:
    """What must be 0, and how many messages it is about."""
    return {
        "messages": len(ledger.sent),
        "refused": len(ledger.sent) - len(ledger.acked),
        "lost": ledger.lost,
        "doubled": ledger.doubled,
        "reordered": ledger.reordered,
        "reached_a_stranger": ledger.strangers,
    }
