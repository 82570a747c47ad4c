"""One round of a scenario: both sides, one after the other, on the same servers."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bench.scenario import Measures, Round
from bench.world import ROOT, World, floor, make_database, product

MOST_SECONDS = 240.0  # one side of one round


def with_floor(
    measure: Callable[..., Awaitable[Measures]], world: World, **arguments: Any
) -> Round:
    """The product's processes, then the floor's, under the same generator."""
    return {
        side: asyncio.run(bounded(measure, world, running, side, arguments))
        for side, running in (("floor", floor), ("product", product))
    }


def alone(
    measure: Callable[..., Awaitable[Measures]],
    world: World,
    *,
    database: str = "product",
    clock: bool = True,
    files: bool = False,
    **arguments: Any,
) -> Round:
    """Only the product: what the floor has not. `clock`: with worker and beat; `files`: with the
    worker that checks them."""
    running = partial(product, clock=clock, files=files)
    return {"product": asyncio.run(bounded(measure, world, running, database, arguments))}


def two_webs(measure: Callable[..., Awaitable[Measures]], world: World, **arguments: Any) -> Round:
    """Two web processes, and one."""
    return {
        side: asyncio.run(
            bounded(measure, world, partial(product, webs=webs), "product", arguments)
        )
        for side, webs in (("yardstick", 1), ("product", 2))
    }


async def bounded(
    measure: Callable[..., Awaitable[Measures]],
    world: World,
    running: Any,
    side: str,
    arguments: dict[str, Any],
) -> Measures:
    with running(world, side) as process:
        async with asyncio.timeout(MOST_SECONDS):
            return await measure(process, side, **arguments)


def inside(module: str, world: World, *, database: str = "product", **arguments: Any) -> Any:
    """What `bench.inside.<module>.measure` gives, in a process of its own on that database."""
    environment = {**world.environment(database), "DATABASE_POOL_SIZE": "0"}
    answer = subprocess.run(
        [sys.executable, "-m", "bench.inside", module, json.dumps(arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
    )
    if answer.returncode:
        raise RuntimeError(f"bench.inside {module}:\n{answer.stderr[-3000:]}")
    return json.loads(answer.stdout.splitlines()[-1])


def small_and_large(world: World, *, small: int, large: int, calls: int) -> Round:
    """Two databases of the product, the one with many more ended conversations."""
    found = {}
    for side, count in (("yardstick", small), ("product", large)):
        name = f"growth_{count}"
        if name not in world.made:
            migrated(world, name)
            world.made.add(name)
        found[side] = inside("growth", world, database=name, conversations=count, calls=calls)
    return found


def migrated(world: World, name: str) -> None:
    """An empty database with the product's tables."""
    make_database(world, name)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=world.environment(name),
        check=True,
    )
