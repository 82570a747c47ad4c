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

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from conversations.simulation.line import frames, lines
from conversations.simulation.place import Place
from conversations.simulation.story import Story

HELLO_WITHIN = 10.0  # seconds until an attempt for a line is given up
SILENCE = 40.0  # the server beats every 15 s: two missed and the line is dead
HOLE = 0.3  # seconds for a frame that another process published later
STAGES = {"queued": "waiting", "assigned": "served", "ended": "ended"}
Note = Callable[..., None]  # hears what happens, at once: Note("sent", id=…, text=…)


def nobody(what: str, **facts: Any) -> None:
    pass


def at_work() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


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
    place: Place = field(default_factory=Place)
    welcomes: int = 0
    lost_lines: int = 0
    refused: list[str] = field(default_factory=list)
    line: ClientConnection | None = None
    is_in: bool = False  # this line was welcomed
    is_leaving: bool = False  # what is unsent stays so: nothing may begin
    sent_at: dict[str, float] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    note: Note = nobody
    working: asyncio.Event = field(default_factory=at_work)  # cleared: no new lines
    mending: "asyncio.Task[None] | None" = None

    async def live(self) -> None:
        """The whole story, from arriving to the end of the conversation or of the patience."""
        await asyncio.sleep(self.story.arrives)
        staying = asyncio.create_task(self.stay())
        try:
            await self.converse()
        except asyncio.CancelledError:
            await self.leave()  # nobody made up is left behind in the queue
            raise
        finally:
            staying.cancel()
            await asyncio.gather(staying, return_exceptions=True)

    async def converse(self) -> None:
        """Line after line, each after the answer to the one before."""
        self.stage = "waiting"
        for number, text in enumerate(self.story.lines):
            if number:
                await asyncio.sleep(self.story.thinking)
            answered = len(self.heard) + 1
            await self.write(text)
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

    async def write(self, text: str) -> None:
        await self.working.wait()
        client_id = str(uuid.uuid4())
        self.unsent[client_id] = text
        self.sent_at[client_id] = time.monotonic()
        self.note("sent", id=client_id, text=text)
        if self.is_in:  # else the welcome sends it
            await self._send(type="message", id=client_id, text=text)
        await self._until(lambda: client_id in self.acked)

    def _has_heard(self, messages: int) -> bool:
        return len(self.heard) >= messages

    async def leave(self) -> None:
        """Ends the chat: while waiting it is over, while served the agent is told."""
        if self.stage not in ("waiting", "served"):
            return
        self.is_leaving = True
        if self.is_in:  # else the welcome says it
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

    async def stay(self) -> None:
        """Holds the line; a lost one is opened again, and what was not acked goes out again."""
        async with contextlib.aclosing(lines(self.address, self.origin, HELLO_WITHIN)) as attempts:
            async for line in attempts:
                self.line, self.is_in = line, False
                await self._greet()
                async for text in frames(line, SILENCE):
                    await self._hear(json.loads(text))
                self.lost_lines += 1
                self.is_in = False
                self.note("lost")

    async def _greet(self) -> None:
        await self._send(
            type="hello",
            token=self.token,
            name=self.story.name,
            language="en",
            conversation=self.conversation,
            after=self.place.after,
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
                self._complete(frame["messages"])
                if self.conversation:
                    self._become(frame["state"])
                self.note("back")
                await self._send_again()
            case "ack":
                self.conversation = frame["conversation"]
                if self.unsent.pop(frame["id"], None) is not None:
                    self.acked[frame["id"]] = time.monotonic() - self.sent_at[frame["id"]]
                    self.note("acked", id=frame["id"], conversation=self.conversation)
                self.place.note(frame["conversation"], frame["seq"])
            case "message":
                self._read(frame)
                if self.place.has_hole:
                    asyncio.get_running_loop().call_later(HOLE, self._mend)
            case "beat":
                await self._compare(frame)
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

    async def _send_again(self) -> None:
        """What this line has not heard yet: the goodbye, else what is unsent."""
        if self.is_leaving:
            return await self._send(type="end")
        for client_id, text in list(self.unsent.items()):
            await self._send(type="message", id=client_id, text=text)

    async def _compare(self, beat: dict[str, Any]) -> None:
        """A beat that says something else than the page shows: hello again brings the rest."""
        stage = STAGES.get(beat["state"], self.stage)
        if beat["conversation"] == self.conversation and (
            beat["seq"] > self.place.after or stage != self.stage
        ):
            await self._greet()
        await self._send_again()

    def _mend(self) -> None:
        if self.place.has_hole and self.is_in:
            self.mending = asyncio.create_task(self._greet())

    def _complete(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            self._read(message)
        own = [m["seq"] for m in messages if m["conversation"] == self.conversation]
        self.place.complete(self.conversation, max(own, default=0))

    def _read(self, message: dict[str, Any]) -> None:
        if not self.place.note(message["conversation"], message["seq"]):
            return
        self.note("read", **{key: message[key] for key in ("id", "conversation", "seq", "text")})
        if message["from"] == "agent" and message["id"] not in self.heard:
            self.heard.append(message["id"])

    def _become(self, state: str) -> None:
        self.stage = STAGES.get(state, self.stage)
