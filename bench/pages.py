"""What a page costs the web process: `python -m bench.pages [--rounds N]`.

An agent's console with six conversations, opening one of them, and the console's static files, each
asked for again and again on one warm connection. CPU is the web process', times are the client's.
"""

import argparse
import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from typing import Any

import httpx

from bench.__main__ import prepare
from bench.ledger import Ledger, percentile
from bench.messages import Measures, make_people, settle
from bench.sides import product_scene
from bench.world import ROOT, Running, World, product, world

HELD = 6
MESSAGES = 12  # a conversation's, so that a thread is about a screen long
WARM_UP = 10


async def pages(side: Running, database: str, *, rounds: int) -> dict[str, Measures]:
    """Measures by the kind of page."""
    people, ledger = make_people(side.world, database, 1, HELD), Ledger()
    _, project, session = people["consoles"][0]
    async with product_scene(side.url, ledger, people, HELD) as scene:
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
            fragment = {"HX-Request": "true"}
            found = {
                "console": await measure(side, client, [console] * rounds, {}),
                "thread, opened": await measure(side, client, repeat(threads, rounds), fragment),
                "thread, own page": await measure(side, client, repeat(threads, rounds), {}),
                "static file": await measure(side, client, repeat(files, rounds * 5), {}),
            }
    counts = statements(side.world, database, session, [console, threads[0]])
    found["console"]["statements"], found["thread, own page"]["statements"] = counts
    return found


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


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=150)
    options = parser.parse_args()
    with world() as servers:
        prepare(servers)
        with product(servers, "product", clock=False) as running:
            found: dict[str, Any] = asyncio.run(pages(running, "product", rounds=options.rounds))
    for name, measures in found.items():
        print(f"{name:18}", *(f"{key} {value:7.2f}" for key, value in measures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
