"""A line between two processes that can be made bad: slow, dead, cut, or cut at a COMMIT.

    with Proxy("web-postgres", target="/run/.s.PGSQL.5432") as proxy:
        ...                                    # the client connects to 127.0.0.1:proxy.port
        proxy.mode("hold")                     # a black hole: nothing comes through, nobody is told
        proxy.mode("pass", way="down", latency=0.2)
        proxy.mode()                           # healed

All proxies of a process share one event loop in a thread of its own, so tests may block.
"""

import asyncio
import re
import threading
from collections.abc import Coroutine
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar

from faults.lines import BOTH, DOWN, MODES, UP, Line, Way
from faults.messages import AnswerLost

T = TypeVar("T")

CHUNK = 64 * 1024
Target = str | Path | tuple[str, int]  # a unix socket or an address


class Proxy:
    def __init__(
        self, name: str, target: Target, *, port: int = 0, is_postgres: bool = False
    ) -> None:
        """`port` 0: a free one, kept over `stop` and `start`. `answer` is for PostgreSQL only."""
        self.name, self.target, self.port = name, target, port
        self.is_postgres = is_postgres
        self.ways = {UP: Way(), DOWN: Way()}
        self.lines: set[Line] = set()
        self.server: asyncio.Server | None = None
        self.answers_lost = 0  # so many COMMITs lost their answer
        self.stuck = 0  # so many lines became a black hole by what they said

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self.stop()

    def start(self) -> None:
        _run(self._listen())

    def stop(self) -> None:
        _run(self._end())

    def mode(
        self,
        name: str = "pass",
        *,
        way: str = BOTH,
        latency: float = 0.0,
        rate: float = 0.0,
        after: int = 0,
        having: bytes = b"",
        only_open: bool = False,
    ) -> None:
        """From now on; see MODES. `only_open`: for the lines of now, whoever comes later passes.

        A way that is not named keeps its mode.
        """
        if name not in MODES:
            raise ValueError(f"{name} is no mode: {', '.join(MODES)}")
        new = Way(name, latency, rate, after, having)
        _run(self._become(new, [UP, DOWN] if way == BOTH else [way], only_open))

    def cut(self) -> None:
        """Throws out everybody who is through, once; whoever comes back passes."""
        _run(self._throw_out())

    async def _become(self, new: Way, names: list[str], only_open: bool) -> None:
        if not only_open:
            self.ways |= dict.fromkeys(names, new)
        for line in list(self.lines):
            line.ways = line.ways | dict.fromkeys(names, new)
            line.passed |= dict.fromkeys(names, 0)
            line.news.set()
            is_healed = all(each.name == "pass" for each in line.ways.values())
            if new.name == "reset" or (is_healed and line.has_lost):
                line.reset()
        refuses = any(each.name == "refuse" for each in self.ways.values())
        if refuses and self.server:
            self.server.close()
            self.server = None
        elif not refuses and not self.server:
            await self._listen()

    async def _throw_out(self) -> None:
        for line in list(self.lines):
            line.reset()

    async def _listen(self) -> None:
        self.server = await asyncio.start_server(self._enter, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        if self.server:
            self.server.close()
            self.server = None
        for line in list(self.lines):
            for task in line.tasks:
                task.cancel()
            line.reset()

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if any(each.name == "reset" for each in self.ways.values()):
            Line(writer, writer, {}).reset()
            return
        try:
            back, target = await self._reach()
        except OSError:
            Line(writer, writer, {}).reset()
            return
        line = Line(writer, target, dict(self.ways))
        self.lines.add(line)
        pumps = [self._pump(line, UP, reader, target), self._pump(line, DOWN, back, writer)]
        line.tasks = [asyncio.create_task(pump) for pump in pumps]
        await asyncio.wait(line.tasks)
        self.lines.discard(line)
        for each in (writer, target):
            each.close()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.target, tuple):
            return await asyncio.open_connection(*self.target)
        return await asyncio.open_unix_connection(str(self.target))

    async def _pump(
        self, line: Line, way: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One direction until its end, which is passed on."""
        try:
            while data := await reader.read(CHUNK):
                await self._treat(line, way, data, writer)
            await self._held(line, way)
            writer.write_eof()
        except OSError:
            await self._held(line, way)  # nobody hears of a death behind a black hole
            line.reset()

    async def _treat(self, line: Line, way: str, data: bytes, writer: asyncio.StreamWriter) -> None:
        mode = await self._held(line, way)
        if mode.name == "swallow":
            line.has_lost = True
            return
        if mode.latency or mode.rate:
            await asyncio.sleep(mode.latency + (len(data) / mode.rate if mode.rate else 0))
        if line.answer_is_lost and way == DOWN:  # it has answered: what was asked is done
            self.answers_lost += 1
            line.reset()
            raise ConnectionAbortedError
        if way == UP and self.is_postgres:
            self._listen_for_commits(line, data, mode)
        if mode.name == "cut":
            data = data[: max(0, mode.after - line.passed[way])]
        writer.write(data)
        await writer.drain()
        line.passed[way] += len(data)
        if mode.name == "cut" and line.passed[way] >= mode.after:
            line.reset()

    async def _held(self, line: Line, way: str) -> Way:
        """Its mode, as soon as it is not to wait any more."""
        while line.ways[way].name == "hold":
            line.news.clear()
            await line.news.wait()
        return line.ways[way]

    def _listen_for_commits(self, line: Line, data: bytes, mode: Way) -> None:
        """From the first byte, or the messages could not be told apart."""
        line.watch = line.watch or AnswerLost(mode.having)
        line.watch.having = mode.having
        is_final = line.watch.reaches(data)
        if mode.name == "answer" and is_final:
            line.answer_is_lost = True
            self._once()
        if mode.name == "stick" and any(
            re.search(mode.having, text, re.DOTALL) for text in line.watch.texts
        ):
            self.stuck += 1
            self._once()
            line.ways[DOWN] = Way("hold")
            line.ways[UP] = Way("hold")

    def _once(self) -> None:
        """The next one passes again."""
        for ways in (self.ways, *(each.ways for each in self.lines)):
            ways[UP] = Way()


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run_coroutine_threadsafe(work, _loop()).result(10)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="proxies", daemon=True).start()
    return loop
