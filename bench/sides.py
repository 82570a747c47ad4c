"""The two things that are compared, as the generator sees them: lines of customers and agents."""

import asyncio
import itertools
import json
import re
import uuid
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from bench.ledger import Ledger

MESSAGE = re.compile(r'id=\\"message-([0-9a-f-]{36})')
# A line is being opened for as long as a console waits for it (line.js).
IDLE = {"compression": None, "max_queue": None, "ping_interval": None, "open_timeout": 25}


@dataclass
class CustomerLine:
    """A customer's open socket."""

    socket: ClientConnection
    ledger: Ledger
    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    acks: dict[str, asyncio.Future[None]] = field(default_factory=dict)

    async def send(self) -> asyncio.Future[None]:
        """Send one message; the result is done with its ack."""
        message = str(uuid.uuid4())
        self.acks[message] = asyncio.get_running_loop().create_future()
        self.ledger.send(message, conversation=self.name)
        await self.socket.send(
            json.dumps({"type": "message", "id": message, "text": f"Where is order {message}?"})
        )
        return self.acks[message]

    async def listen(self) -> None:
        async for text in self.socket:
            frame = json.loads(text)
            if frame["type"] == "ack":
                self.ledger.ack(frame["id"])
                if waiting := self.acks.pop(frame["id"], None):
                    waiting.set_result(None)
            elif frame["type"] == "error":
                raise RuntimeError(f"refused: {frame}")


async def watch(socket: ClientConnection, ledger: Ledger, agent: int) -> None:
    """An agent's screen: notes every message that comes to it."""
    async for text in socket:
        for message in MESSAGE.findall(str(text)):
            ledger.show(message, agent=agent)


async def watch_floor(socket: ClientConnection, ledger: Ledger, agent: int) -> None:
    async for text in socket:
        ledger.show(json.loads(text)["id"], agent=agent)


@dataclass
class Scene:
    """Open lines, and the tasks that listen to them."""

    customers: list[CustomerLine] = field(default_factory=list)
    sockets: list[ClientConnection] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def hear(self, socket: ClientConnection, listening: Coroutine[Any, Any, None]) -> None:
        self.sockets.append(socket)
        self.tasks.append(asyncio.create_task(listening))

    def seat(self, socket: ClientConnection, ledger: Ledger) -> None:
        self.customers.append(CustomerLine(socket, ledger))
        self.hear(socket, self.customers[-1].listen())

    def check(self) -> None:
        """Raises what a listener died of."""
        for task in self.tasks:
            if task.done() and not task.cancelled() and (problem := task.exception()):
                raise problem

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await close(self.sockets)


@asynccontextmanager
async def empty_scene() -> AsyncIterator[Scene]:
    """Whoever comes to it, however many that were: all lines are closed at its end."""
    scene = Scene()
    try:
        yield scene
    finally:
        await scene.close()


@asynccontextmanager
async def floor_scene(
    url: str, ledger: Ledger, customers: int, agents: int
) -> AsyncIterator[Scene]:
    async with empty_scene() as scene:
        for agent in range(agents):
            socket = await connect(f"{url}/agent/{agent}/", **IDLE)  # type: ignore[arg-type]
            scene.hear(socket, watch_floor(socket, ledger, agent))
        for number in range(customers):
            home = number % agents
            socket = await connect(f"{url}/customer/{home}/", **IDLE)  # type: ignore[arg-type]
            scene.seat(socket, ledger)
        yield scene


@asynccontextmanager
async def product_scene(
    urls: list[str], ledger: Ledger, people: dict[str, Any], customers: int
) -> AsyncIterator[Scene]:
    """`people` as bench.inside.people makes them, spread over the web processes. Each customer said
    hello; nobody has written yet."""
    turns = itertools.cycle(urls)
    async with empty_scene() as scene:
        for agent, project, session in people["consoles"]:
            socket = await open_console(next(turns), project, session)
            scene.hear(socket, watch(socket, ledger, agent))
        for number in range(customers):
            scene.seat(await open_chat(next(turns), people["inbox"], f"C{number}"), ledger)
        yield scene


async def open_console(url: str, project: str, session: str) -> ClientConnection:
    return await connect(
        f"{url}/ws/console/{project}/",
        origin=origin_of(url),
        additional_headers={"Cookie": f"sessionid={session}"},
        **IDLE,  # type: ignore[arg-type]
    )


async def open_chat(url: str, inbox: str, name: str) -> ClientConnection:
    """A new visitor's line, welcomed."""
    socket = await connect(f"{url}/ws/webchat/{inbox}/", origin=origin_of(url), **IDLE)  # type: ignore[arg-type]
    await socket.send(json.dumps({"type": "hello", "token": None, "name": name, "language": "en"}))
    await socket.recv()
    return socket


def origin_of(url: str) -> Origin:
    return Origin(url.replace("ws://", "http://"))


async def close(sockets: list[ClientConnection]) -> None:
    await asyncio.gather(*(socket.close() for socket in sockets), return_exceptions=True)
