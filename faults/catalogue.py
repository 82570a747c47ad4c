"""The faults. Each breaks something, yields while it is broken, and heals it afterwards.

A new one is a few lines: a generator with `@fault(…)` above it. It gets a `Scene`: the world, the
people in it and a seeded chance.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from faults.crowd import Crowd
from faults.world import World


@dataclass
class Scene:
    world: World
    crowd: Crowd
    chance: random.Random


Story = Callable[[Scene], Iterator[None]]


@dataclass(frozen=True)
class Fault:
    """`lasts`: seconds, a range. `shows`: what /readyz misses meanwhile. `back`: seconds after the
    healing (or, unless it `blocks` everybody, after a line was lost) until a page is complete.
    `waits`: seconds somebody may wait while somebody is ready for them."""

    name: str
    story: Story
    lasts: tuple[float, float] = (1.0, 3.0)
    shows: str = ""
    blocks: bool = False
    back: float = 5.0
    waits: float = 2.0


FAULTS: dict[str, Fault] = {}


def fault(**facts: object) -> Callable[[Story], Story]:
    def keep(story: Story) -> Story:
        name = story.__name__.replace("_", "-")
        FAULTS[name] = Fault(name, story, **facts)  # type: ignore[arg-type]
        return story

    return keep


@fault(lasts=(0.5, 1.0))
def answer_lost_after_commit(scene: Scene) -> Iterator[None]:
    """A message is stored and the web process never hears so: the page sends it again."""
    lines = [scene.world.proxies[f"web{number}-postgres"] for number in (1, 2)]
    for line in lines:
        line.mode("answer", way="up", having=b"INSERT INTO conversations_message")
    yield
    for line in lines:
        line.mode()


@fault(shows="redis")
def redis_killed_and_empty(scene: Scene) -> Iterator[None]:
    scene.world.kill("redis")
    yield
    scene.world.start("redis")


@fault(blocks=False)
def one_web_killed(scene: Scene) -> Iterator[None]:
    name = scene.chance.choice(["web1", "web2"])
    scene.world.kill(name)
    yield
    scene.world.start(name)
