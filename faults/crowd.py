"""Customers and agents at work behind nginx, in a thread with a loop of its own."""

import asyncio
import json
import random
import re
import threading
import uuid
from collections.abc import Coroutine
from typing import Any, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from conversations.simulation.customer import Customer
from conversations.simulation.desk import Desk
from conversations.simulation.screen import MESSAGE
from conversations.simulation.story import Story
from conversations.simulation.traffic import FOLLOWS, OPENINGS
from faults.ledger import Ledger

T = TypeVar("T")

PATIENCE = 600.0  # seconds: nobody leaves by themselves
CODE = re.compile(r" #([0-9a-f]{8})$")  # every line of a customer ends with one of its own


class Crowd:
    """`customers` at one time: whoever is through is followed by somebody new."""

    def __init__(
        self,
        scene: dict[str, Any],
        ledger: Ledger,
        seed: int,
        *,
        customers_port: int,
        agents_port: int,
        customers: int = 8,
    ) -> None:
        self.scene, self.ledger, self.chance = scene, ledger, random.Random(seed)
        self.wanted = customers
        self.customers_url = f"127.0.0.1:{customers_port}"
        self.home = f"http://127.0.0.1:{agents_port}/p/{scene['project']}/"
        self.customers: list[Customer] = []
        self.desks: dict[str, Desk] = {}
        self.tasks: list[asyncio.Task[Any]] = []
        self.loop = asyncio.new_event_loop()
        self.working = asyncio.Event()
        self.unread: list[ClientConnection] = []
        self.thread = threading.Thread(target=self.loop.run_forever, name="crowd", daemon=True)

    def start(self) -> None:
        self.thread.start()
        self.call(self._start())

    def call(self, work: Coroutine[Any, Any, T], seconds: float = 60.0) -> T:
        """Run it in the crowd's loop and wait for what it gives."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    async def _start(self) -> None:
        self.working.set()
        for agent in self.scene["agents"]:
            desk = Desk(
                name=agent["name"],
                home=self.home,
                cookies=agent["cookies"],
                typification=self.scene["typification"],
                thinking=0.4,
                working=self.working,
            )
            desk.note = self._note_of(desk)
            self.desks[desk.name] = desk
            self.tasks.append(asyncio.create_task(desk.work()))
        for _ in range(self.wanted):
            self.tasks.append(asyncio.create_task(self._come_and_go()))

    def _note_of(self, desk: Desk) -> Any:
        """What is on the screen for the first time, message by message."""
        seen: set[str] = set()

        def note(what: str, **facts: Any) -> None:
            if what != "shown":
                self.ledger.note(desk.name, what, **facts)
                return
            for _, message, conversation, seq in MESSAGE.findall(facts["html"]):
                if message not in seen:
                    seen.add(message)
                    self.ledger.note(
                        desk.name, "shown", id=message, conversation=conversation, seq=int(seq)
                    )

        return note

    async def _come_and_go(self, within: float = 1.0) -> None:
        """A chair: one customer after the other."""
        await asyncio.sleep(self.chance.uniform(0, within))
        while True:
            await self.working.wait()
            customer = self._customer()
            self.customers.append(customer)
            staying = asyncio.create_task(customer.stay())
            try:
                await customer.converse()
                await self.working.wait()  # nobody goes while all are looked at
            finally:
                staying.cancel()
                await asyncio.gather(staying, return_exceptions=True)
                self.customers.remove(customer)

    def _customer(self) -> Customer:
        name = f"Customer {uuid.uuid4().hex[:8]}"
        words = [self.chance.choice(OPENINGS)]
        words += self.chance.choices(FOLLOWS, k=self.chance.randint(1, 4))
        lines = [f"{word} #{uuid.uuid4().hex[:8]}" for word in words]
        story = Story(name, lines, 0, PATIENCE, self.chance.uniform(0.1, 0.8))
        return Customer(
            story,
            f"ws://{self.customers_url}/ws/webchat/{self.scene['inbox']}/",
            f"http://{self.customers_url}",
            note=self.ledger.of(name),
            working=self.working,
        )

    async def lose_lines(self) -> None:
        """Every line ends at this instant, without a word; the pages come back by themselves."""
        lines = [client.line for client in (*self.desks.values(), *self.customers)]
        for line in lines:
            if line:
                line.transport.abort()

    async def arrive(self, customers: int) -> None:
        """So many more, at once."""
        for _ in range(customers):
            self.tasks.append(asyncio.create_task(self._come_and_go(0.0)))

    async def collide(self, desk: Desk) -> None:
        """A customer's message, the ending and the loss of the agent's line, at one instant."""
        held = [pk for pk in desk.screen.rows if pk in desk.serving]
        if not held:
            return
        ours = self.chance.choice(held)
        customer = next((c for c in self.customers if c.conversation == ours and c.is_in), None)
        deeds: list[Coroutine[Any, Any, Any]] = [desk.end(ours), self._drop(desk)]
        if customer:
            deeds.append(customer.write(f"At this instant #{uuid.uuid4().hex[:8]}"))
        self.chance.shuffle(deeds)
        await asyncio.gather(*deeds, return_exceptions=True)

    async def collide_all(self) -> None:
        await asyncio.gather(*(self.collide(desk) for desk in self.desks.values()))
        await asyncio.sleep(0.05)

    async def ask_without_reading(self, pages: int) -> None:
        """Each has a small window and asks for its welcome again and again."""
        hello = {"type": "hello", "token": None, "name": "Mallory", "language": "en"}
        address = f"ws://{self.customers_url}/ws/webchat/{self.scene['inbox']}/"
        for _ in range(pages):
            origin = Origin(f"http://{self.customers_url}")
            line = await connect(address, origin=origin, max_queue=1, ping_interval=None)
            self.unread.append(line)
            for _ in range(200):
                await line.send(json.dumps(hello))

    async def leave_unread(self) -> None:
        for line in self.unread:
            line.transport.abort()

    async def _drop(self, desk: Desk) -> None:
        if desk.line:
            desk.line.transport.abort()

    def rest(self) -> None:
        """Nobody begins anything new; what is under way goes on until it is through."""
        self.call(self._become(at_work=False))

    def work_on(self) -> None:
        self.call(self._become(at_work=True))

    async def _become(self, *, at_work: bool) -> None:
        (self.working.set if at_work else self.working.clear)()

    def under_way(self) -> list[str]:
        """Who is not at rest, and why."""
        busy = [f"{c.story.name} has no line" for c in list(self.customers) if not c.is_in]
        busy += [f"{c.story.name} has unsent" for c in list(self.customers) if c.unsent]
        for desk in self.desks.values():
            if desk.name in self.ledger.away:
                busy.append(f"{desk.name} has no line")
            if desk.posting or desk.screen.refreshing or desk.screen.late:
                busy.append(f"{desk.name} is busy")
        return busy

    def stop(self) -> None:
        self.call(self._stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    async def _stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
