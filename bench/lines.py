"""Open lines: what an idle one costs, how fast they open, and a thousand consoles coming back."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import psutil
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from bench.scenario import Measures, Round
from bench.sides import IDLE, close, open_chat, open_console
from bench.turns import MOST_SECONDS, inside
from bench.world import Running, World, product, seconds_of

AT_ONCE = 40  # lines that are being opened at one time
SETTLE_SECONDS = 3.0
PATIENCE = 0.2  # seconds between two attempts of a console whose server does not answer
Open = Callable[[], Awaitable[ClientConnection]]


async def idle(side: Running, database: str, *, lines: int) -> Measures:
    """So many lines of each kind: their memory in the web process, how fast they opened."""
    if database == "floor":
        agents = [lambda n=n: connect(f"{side.url}/agent/{n}/", **IDLE) for n in range(lines)]
        cost, rate, sockets = await cost_of(side, agents)
        await close(sockets)
        return {"console_kib": cost, "visitor_kib": cost, "connects_per_second": rate}
    people = inside("people", side.world, database=database, agents=lines, capacity=6)
    consoles = [lambda who=who: open_console(side.url, *who[1:]) for who in people["consoles"]]
    chats = [lambda n=n: open_chat(side.url, people["inbox"], f"C{n}") for n in range(lines)]
    console, rate, sockets = await cost_of(side, consoles)
    visitor, visitor_rate, more = await cost_of(side, chats)
    await close(sockets + more)
    return {
        "console_kib": console,
        "visitor_kib": visitor,
        "connects_per_second": rate,
        "visitors_per_second": visitor_rate,
    }


async def cost_of(side: Running, lines: list[Open]) -> tuple[float, float, list[ClientConnection]]:
    """KiB a line, lines a second; a tenth are opened and closed before, as what is made once
    does not count."""
    await close(await open_all(lines[: len(lines) // 10]))
    await asyncio.sleep(SETTLE_SECONDS)
    before, began = side.web_memory(), time.perf_counter()
    sockets = await open_all(lines)
    took = time.perf_counter() - began
    await asyncio.sleep(SETTLE_SECONDS)
    return (side.web_memory() - before) / 1024 / len(lines), len(lines) / took, sockets


async def open_all(lines: Iterable[Open]) -> list[ClientConnection]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(line: Open) -> ClientConnection:
        async with gate:
            return await line()

    return await asyncio.gather(*(one(line) for line in lines))


def reconnect(world: World, *, consoles: int) -> Round:
    """One of two web processes is told to stop; all its consoles go to the other one at once, each
    as a console does: the socket, then the refresh."""
    people = inside("people", world, agents=consoles, capacity=6)
    with product(world, "product", webs=2, clock=False) as both:
        work = asyncio.wait_for(come_back(both, people["consoles"]), MOST_SECONDS)
        return {"product": asyncio.run(work)}


async def come_back(both: Running, consoles: list[Any]) -> Measures:
    old, new = both.urls
    sockets = await open_all([lambda who=who: open_console(old, *who[1:]) for who in consoles])
    other = psutil.Process(both.processes[1].pid)
    before = seconds_of(other), both.cpu_seconds()["servers"]
    both.processes[0].terminate()
    began = time.perf_counter()
    times = await asyncio.gather(
        *(back(socket, new, *who[1:]) for socket, who in zip(sockets, consoles, strict=True))
    )
    web = seconds_of(other) - before[0]
    servers = sum(map(seconds_of, both.world.server_processes())) - before[1]
    took = sorted(at - began for at, _socket in times)
    await close([socket for _at, socket in times])
    return {
        "all_back_seconds": took[-1],
        "half_back_seconds": took[len(took) // 2],
        "web_cpu_ms_a_console": web * 1000 / len(consoles),
        "servers_cpu_ms_a_console": servers * 1000 / len(consoles),
    }


async def back(
    socket: ClientConnection, url: str, project: str, session: str
) -> tuple[float, ClientConnection]:
    """When this console was complete again, and its new line."""
    await socket.wait_closed()
    while True:
        with suppress(OSError, TimeoutError, InvalidHandshake, ConnectionClosed):
            line = await open_console(url, project, session)
            if await refresh(url, project, session):
                return time.perf_counter(), line
        await asyncio.sleep(PATIENCE)


async def refresh(url: str, project: str, session: str) -> bool:
    """Asks for everything on the screen; whether it came."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        writer.write(
            f"GET /p/{project}/refresh/ HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Cookie: sessionid={session}\r\nConnection: close\r\n\r\n".encode()
        )
        return (await reader.read()).startswith(b"HTTP/1.1 200")
    finally:
        writer.close()
