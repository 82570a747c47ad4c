"""What a page costs the web process.

An agent's console with six conversations, opening one of them, and the console's static files, each
asked for again and again on one warm connection. CPU is the web process', times are the client's.
"""

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterable

import httpx

from bench.ledger import Ledger, percentile
from bench.messages import settle
from bench.scenario import Measures
from bench.sides import product_scene
from bench.turns import inside
from bench.world import ROOT, Running, World

HELD = 6
MESSAGES = 12  # a conversation's, so that a thread is about a screen long
WARM_UP = 10


async def pages(side: Running, database: str, *, calls: int) -> Measures:
    """By kind of page: what it costs the web process, and what the client waited."""
    ledger = Ledger()
    people = inside("people", side.world, database=database, agents=1, capacity=HELD)
    _, project, session = people["consoles"][0]
    async with product_scene(side.urls, ledger, people, HELD) as scene:
        for _ in range(MESSAGES):
            await asyncio.gather(*[await line.send() for line in scene.customers])
        await settle(ledger, scene)
        cookies = {"sessionid": session}
        address = side.url.replace("ws://", "http://")
        async with httpx.AsyncClient(base_url=address, cookies=cookies, timeout=30) as client:
            console = f"/p/{project}/"
            text = (await client.get(console)).text
            threads = sorted(set(re.findall(r'href="(/p/[^"]+/c/[^"]+)"', text)))
            assert len(threads) == HELD, text
            files = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', text)))
            found = {
                "console": await measure(side, client, [console] * calls, {}),
                "opening": await measure(
                    side, client, repeat(threads, calls), {"HX-Request": "true"}
                ),
                "file": await measure(side, client, repeat(files, calls * 5), {}),
            }
    (found["console"]["statements"],) = statements(side.world, database, session, [console])
    return {
        f"{page}_{name}": value
        for page, measures in found.items()
        for name, value in measures.items()
    }


def repeat(addresses: list[str], times: int) -> list[str]:
    return [addresses[number % len(addresses)] for number in range(times)]


async def measure(
    side: Running, client: httpx.AsyncClient, addresses: list[str], headers: dict[str, str]
) -> Measures:
    for address in addresses[:WARM_UP]:
        await client.get(address, headers=headers)
    took, size, before = [], 0, side.cpu_seconds()["web"]
    for address in addresses:
        started = time.perf_counter()
        answer = await client.get(address, headers=headers)
        took.append((time.perf_counter() - started) * 1000)
        answer.raise_for_status()
        size += len(answer.content)
    return {
        "cpu_ms": (side.cpu_seconds()["web"] - before) * 1000 / len(addresses),
        "p50_ms": percentile(took, 0.5),
        "p95_ms": percentile(took, 0.95),
        "kib": size / len(addresses) / 1024,
    }


def statements(world: World, database: str, session: str, paths: Iterable[str]) -> list[int]:
    """How many SQL statements each page takes, its transaction's own words left out."""
    answer = subprocess.run(
        [sys.executable, "-m", "bench.statements", session, *paths],
        cwd=ROOT,
        env=world.environment(database),
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(line) for line in answer.stdout.split()]
