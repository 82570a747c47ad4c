"""What a fault is, and what it gets to work with."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from faults.crowd import Crowd
from faults.proxy import Proxy
from faults.world import WEBS, World


@dataclass
class Scene:
    world: World
    crowd: Crowd
    chance: random.Random

    @property
    def one_web(self) -> str:
        return self.chance.choice(WEBS)

    @property
    def webs_postgres(self) -> list[Proxy]:
        return [self.world.proxies[f"{name}-postgres"] for name in WEBS]


def pause(seconds: float) -> None:
    """Time that passes because the story says so: when a fault begins, how long it lasts. Never a
    wait for something: whoever waits asks with a deadline (`embedded/waiting.py`)."""
    time.sleep(seconds)


Story = Callable[[Scene], Iterator[None]]


@dataclass(frozen=True)
class Fault:
    """`lasts`: seconds, a range. `shows`: what /readyz misses meanwhile. `back`: seconds after the
    healing (or, unless it `blocks` everybody, after a line was lost) until a page is complete.
    `waits`: seconds somebody may wait while somebody is ready for them; `accepts`: within which
    whatever is sent is accepted, 0 for not asked."""

    name: str
    story: Story
    lasts: tuple[float, float] = (1.0, 3.0)
    shows: str = ""
    blocks: bool = False
    back: float = 5.0
    waits: float = 2.0
    accepts: float = 0.0


FAULTS: dict[str, Fault] = {}


def fault(**facts: object) -> Callable[[Story], Story]:
    def keep(story: Story) -> Story:
        name = story.__name__.replace("_", "-")
        FAULTS[name] = Fault(name, story, **facts)  # type: ignore[arg-type]
        return story

    return keep
