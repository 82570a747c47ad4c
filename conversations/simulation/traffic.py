"""A run: the stories of all customers, drawn from one seed, and the people who live them."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from conversations.simulation.customer import Customer
from conversations.simulation.desk import Desk
from conversations.simulation.story import Story

OPENINGS = [
    "Hello, where is my order?",
    "The lamp arrived broken 😟",
    "Can I change the delivery address?",
    "Do you have this in blue?",
    "I was charged twice, can you look?",
    "¿Hacen envíos a Bogotá?",
    "My discount code does not work",
]
FOLLOWS = [
    "The number is 10423",
    "I ordered it last Tuesday",
    "Yes, exactly that one",
    "How long will it take?",
    "Could you check again, please?",
    "Great, thank you! 🌷",
]
LOOK_EVERY = 0.25  # seconds between two looks of the progress bar


@dataclass(frozen=True, slots=True)
class Plan:
    """What kind of traffic. Times in seconds."""

    customers: int
    over: float  # they arrive within this time, at random instants
    lines: int  # each writes one to this many
    patience: float
    thinking: float
    seed: int

    def stories(self) -> list[Story]:
        """The same plan gives the same customers, in the order of their arrival."""
        chance = random.Random(self.seed)  # noqa: S311
        arrivals = sorted(chance.uniform(0, self.over) for _ in range(self.customers))
        return [self._story(chance, number, at) for number, at in enumerate(arrivals, 1)]

    def _story(self, chance: random.Random, number: int, arrives: float) -> Story:
        follows = chance.randint(0, self.lines - 1)
        return Story(
            name=f"Simulated {number}",
            lines=[chance.choice(OPENINGS), *(chance.choice(FOLLOWS) for _ in range(follows))],
            arrives=arrives,
            patience=self.patience * chance.uniform(0.5, 1.5),
            thinking=self.thinking * chance.uniform(0.5, 1.5),
        )


async def run(
    customers: list[Customer], desks: list[Desk], show: Callable[[Counter[str]], None]
) -> None:
    """Until every customer's story is over; `show` gets how many are at which stage.

    Cancelled (Ctrl-C), customers leave and played agents end what they hold; what happened so far
    is in them.
    """
    working = [asyncio.create_task(desk.work()) for desk in desks]
    living = [asyncio.create_task(customer.live()) for customer in customers]
    try:
        while not all(task.done() for task in living):
            await asyncio.wait(living, timeout=LOOK_EVERY)
            show(Counter(customer.stage for customer in customers))
            broken = [task for task in [*living, *working] if task.done() and task.exception()]
            if broken:
                raise broken[0].exception() or RuntimeError
    finally:
        for task in living:
            task.cancel()
        await asyncio.gather(*living, return_exceptions=True)
        await asyncio.gather(*(desk.finish() for desk in desks), return_exceptions=True)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
