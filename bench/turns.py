"""One round of a scenario: both sides, one after the other, on the same servers."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

from bench.scenario import Measures, Round
from bench.world import ROOT, World, floor, make_database, product

MOST_SECONDS = 240.0  # one side of one round
TURN = "my turn?"


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
    answer = subprocess.run(
        words(module, arguments),
        cwd=ROOT,
        env=environment(world, database),
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
    )
    if answer.returncode:
        raise RuntimeError(f"bench.inside {module}:\n{answer.stderr[-3000:]}")
    return json.loads(answer.stdout.splitlines()[-1])


def words(module: str, arguments: dict[str, Any]) -> list[str]:
    return [sys.executable, "-m", "bench.inside", module, json.dumps(arguments)]


def environment(world: World, database: str) -> dict[str, str]:
    return {**world.environment(database), "DATABASE_POOL_SIZE": "0"}


def small_and_large(world: World, *, small: int, large: int, **arguments: Any) -> Round:
    """Two databases of the product, the one with many more ended conversations, asked in turn."""
    with ExitStack() as both:
        sides = {}
        for side, count in (("yardstick", small), ("product", large)):
            name = f"growth_{count}"
            if name not in world.made:
                migrated(world, name)
                world.made.add(name)
            growth = words("growth", {"conversations": count, **arguments})
            sides[side] = both.enter_context(Sitting(growth, environment(world, name)))
        return in_turn(sides)


def in_turn(sides: "dict[str, Sitting]") -> Round:
    """Each works while the others wait, until they say what they found."""
    while all(sitting.wants_turn for sitting in sides.values()):
        for sitting in sides.values():
            sitting.take_turn()
    return {side: json.loads(sitting.said) for side, sitting in sides.items()}


class Sitting:
    """A process that says when it wants a turn, and at last what it found; `said` is its last
    line. It sees its errors on the screen, and is killed when it takes too long."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.late = threading.Timer(MOST_SECONDS, self.process.kill)
        self.late.start()
        self._listen()

    def __enter__(self) -> "Sitting":
        return self

    def __exit__(self, *reason: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.late.cancel()
        self.process.kill()
        self.process.communicate()

    @property
    def wants_turn(self) -> bool:
        return self.said == TURN

    def take_turn(self) -> None:
        """Until it wants the next one."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self._listen()

    def _listen(self) -> None:
        assert self.process.stdout
        self.said = self.process.stdout.readline().strip()
        if not self.said:
            self.stop()
            raise RuntimeError("it ended before it had measured")


def migrated(world: World, name: str) -> None:
    """An empty database with the product's tables."""
    make_database(world, name)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=world.environment(name),
        check=True,
    )
