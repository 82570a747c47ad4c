"""New customers: the first message, its assignment, the row on the agent's screen."""

import asyncio
import json
import random
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection

from bench.ledger import percentile
from bench.scenario import Measures
from bench.sides import close, open_chat, open_console
from bench.turns import inside
from bench.world import Running
from contactcenter.embedded.waiting import soon

ROW = re.compile(r'id=\\"conversation-([0-9a-f-]{36})')
LAST_SECONDS = 10.0  # for those on their way when the time is up


@dataclass
class Starts:
    """When each began, and when its row stood on a screen; by conversation."""

    began: dict[str, float] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    welcomed: list[float] = field(default_factory=list)  # ms until a new visitor was welcomed
    failed: int = 0

    async def watch(self, console: ClientConnection) -> None:
        async for text in console:
            for conversation in ROW.findall(str(text)):
                self.seen.setdefault(conversation, time.perf_counter())

    async def start(self, url: str, inbox: str, number: int) -> None:
        began = time.perf_counter()
        socket = await open_chat(url, inbox, f"C{number}")
        self.welcomed.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        first = {"type": "message", "id": str(uuid.uuid4()), "text": "Where is my order?"}
        await socket.send(json.dumps(first))
        async for text in socket:
            frame = json.loads(text)
            if frame["type"] == "ack":
                self.began[frame["conversation"]] = began
                break
            self.failed += frame["type"] == "error"
        await socket.close()

    def times(self) -> list[float]:
        """Milliseconds from the first message to the agent's screen."""
        return [
            (self.seen[conversation] - began) * 1000
            for conversation, began in self.began.items()
            if conversation in self.seen
        ]


async def starts(side: Running, database: str, *, rate: float, seconds: float) -> Measures:
    """`rate` new customers a second at random instants, 50 agents with room for all."""
    people = inside("people", side.world, database=database, agents=50, capacity=100)
    found, chance = Starts(), random.Random(2)
    consoles = [await open_console(side.url, *who[1:]) for who in people["consoles"]]
    watching = [asyncio.create_task(found.watch(console)) for console in consoles]
    for number in range(20):  # the first ones fill caches and prepare statements
        await found.start(side.url, people["inbox"], number)
    await settled(found)
    found.began.clear()
    found.welcomed.clear()
    before, under_way = side.cpu_seconds(), set[asyncio.Task[None]]()
    moment = began = time.perf_counter()
    number = 0
    while moment < began + seconds:
        moment += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        under_way.add(asyncio.create_task(found.start(side.url, people["inbox"], number)))
        number += 1
    done, late = await asyncio.wait(under_way, timeout=LAST_SECONDS)
    await settled(found)
    took, used = time.perf_counter() - began, side.cpu_seconds()
    measures = measures_of(found, number, took)
    for kind in ("web", "servers"):
        measures[f"cpu_{kind}_ms"] = (used[kind] - before[kind]) * 1000 / max(1, len(found.began))
    measures["died"] = len(late) + sum(bool(task.exception()) for task in done)
    await end([*watching, *late], consoles)
    return measures


async def settled(found: Starts) -> None:
    await soon(lambda: not found.began.keys() - found.seen.keys(), LAST_SECONDS, every=0.02)


def measures_of(found: Starts, number: int, took: float) -> Measures:
    times = found.times()
    return {
        "starts": number,
        "starts_per_second": len(found.began) / took,
        "start_p50_ms": percentile(times, 0.5),
        "start_p99_ms": percentile(times, 0.99),
        "welcome_p50_ms": percentile(found.welcomed, 0.5),
        "refused": found.failed,
        "not_seen": len(found.began) - len(times),
    }


async def end(tasks: list[asyncio.Task[Any]], consoles: list[ClientConnection]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await close(consoles)
