"""A made-up customer at the web chat's socket: arrives, writes, waits, answers, leaves."""

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin


@dataclass(frozen=True, slots=True)
class Story:
    """What one customer is going to do. Times in seconds."""

    name: str
    lines: list[str]
    arrives: float  # after the start of the run
    patience: float  # without an answer they leave
    thinking: float  # between an answer and their next line


@dataclass
class Customer:
    """Plays a story. What happened is in its fields; times are of `time.monotonic`."""

    story: Story
    address: str  # ws://…/ws/webchat/<key>/
    origin: str
    stage: str = "away"  # away, waiting, served, ended, left
    conversation: str | None = None
    token: str | None = None
    form: dict[str, str] | None = None  # answers to the form before the chat
    unsent: dict[str, str] = field(default_factory=dict)
    acked: dict[str, float] = field(default_factory=dict)  # message id: seconds until its ack
    heard: list[str] = field(default_factory=list)  # ids of the agents' messages, as they came
    seq: int = 0
    welcomes: int = 0
    lost_lines: int = 0
    refused: list[str] = field(default_factory=list)
    line: ClientConnection | None = None
    is_in: bool = False  # this line was welcomed
    sent_at: dict[str, float] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def live(self) -> None:
        """The whole story, from arriving to the end of the conversation or of the patience."""
        await asyncio.sleep(self.story.arrives)
        staying = asyncio.create_task(self._stay())
        try:
            await self._converse()
        except asyncio.CancelledError:
            await self.leave()  # nobody made up is left behind in the queue
            raise
        finally:
            staying.cancel()
            await asyncio.gather(staying, return_exceptions=True)

    async def _converse(self) -> None:
        self.stage = "waiting"
        for number, text in enumerate(self.story.lines):
            if number:
                await asyncio.sleep(self.story.thinking)
            answered = len(self.heard) + 1
            await self._write(text)
            if self.stage == "ended":
                return
            if not await self._until(partial(self._has_heard, answered)):
                await self.leave()
                return
        await self._until(lambda: self.stage == "ended")
        await self._catch_up()

    async def _catch_up(self) -> None:
        """The last frames may come in another order than they were sent: ask for the rest."""
        welcomes = self.welcomes + 1
        await self._greet()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                while self.welcomes < welcomes:
                    self.news.clear()
                    await self.news.wait()

    async def _write(self, text: str) -> None:
        client_id = str(uuid.uuid4())
        self.unsent[client_id] = text
        self.sent_at[client_id] = time.monotonic()
        if self.is_in:  # else the welcome sends it
            await self._send(type="message", id=client_id, text=text)
        await self._until(lambda: client_id in self.acked)

    def _has_heard(self, messages: int) -> bool:
        return len(self.heard) >= messages

    async def leave(self) -> None:
        """Ends the chat: while waiting it is over, while served the agent is told."""
        if self.stage not in ("waiting", "served"):
            return
        await self._send(type="end")
        await self._until(lambda: self.stage == "ended", seconds=5)
        self.stage = "left"

    async def _until(self, is_so: Callable[[], bool], seconds: float | None = None) -> bool:
        """Whether it came true before the patience, or the conversation, was over."""
        try:
            async with asyncio.timeout(seconds or self.story.patience):
                while not is_so() and self.stage != "ended":
                    self.news.clear()
                    await self.news.wait()
        except TimeoutError:
            return False
        return True

    async def _stay(self) -> None:
        """Holds the line; a lost one is opened again, and what was not acked goes out again."""
        async for line in connect(self.address, origin=Origin(self.origin), compression=None):
            self.line, self.is_in = line, False
            try:
                await self._greet()
                async for text in line:
                    await self._hear(json.loads(text))
            except ConnectionClosed:
                self.lost_lines += 1

    async def _greet(self) -> None:
        await self._send(
            type="hello",
            token=self.token,
            name=self.story.name,
            language="en",
            conversation=self.conversation,
            after=self.seq,
            form=self.form,
        )

    async def _send(self, **frame: Any) -> None:
        """Without a line nothing is lost: the welcome of the next one sends what is unsent."""
        if self.line is None:
            return
        try:
            await self.line.send(json.dumps(frame))
        except ConnectionClosed:
            return

    async def _hear(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "welcome" if frame.get("form") and self.form is None:
                self.form = {asked["id"]: self._answer(asked["kind"]) for asked in frame["form"]}
                self.token = frame["token"]
                await self._greet()
            case "welcome":
                self.welcomes += 1
                self.token, self.is_in = frame["token"], True
                self.conversation = frame["conversation"] or self.conversation
                for message in frame["messages"]:
                    self._read(message)
                if self.conversation:
                    self._become(frame["state"])
                for client_id, text in list(self.unsent.items()):
                    await self._send(type="message", id=client_id, text=text)
            case "ack":
                self.conversation = frame["conversation"]
                if self.unsent.pop(frame["id"], None) is not None:
                    self.acked[frame["id"]] = time.monotonic() - self.sent_at[frame["id"]]
                self.seq = max(self.seq, frame["seq"])
            case "message":
                self._read(frame)
            case "state" if frame["conversation"] == self.conversation:
                self._become(frame["state"])
            case "error":
                self.refused.append(f"{frame['code']}: {frame['detail']}")
        self.news.set()

    def _answer(self, kind: str) -> str:
        """To a question of the form before the chat."""
        answers = {
            "name": self.story.name,
            "email": f"{self.story.name.lower().replace(' ', '-')}@example.com",
            "phone": "+1 202 555 0101",
        }
        return answers.get(kind, self.story.lines[0])

    def _read(self, message: dict[str, Any]) -> None:
        self.seq = max(self.seq, message["seq"])
        if message["from"] == "agent" and message["id"] not in self.heard:
            self.heard.append(message["id"])

    def _become(self, state: str) -> None:
        stages = {"queued": "waiting", "assigned": "served", "ended": "ended"}
        self.stage = stages.get(state, self.stage)
