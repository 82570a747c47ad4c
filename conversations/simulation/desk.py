"""A played agent: a session, the console's socket, and the posts that a real console makes."""

import asyncio
import contextlib
import json
import random
import time
import uuid
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx
from websockets.asyncio.client import ClientConnection

from conversations.simulation.customer import Note, at_work, nobody
from conversations.simulation.line import frames, lines
from conversations.simulation.screen import Away, Screen

ANSWERS = [
    "Hello! Let me look at that for you.",
    "Thank you. I can see it here now.",
    "It left our warehouse this morning.",
    "I have noted that. Is there anything else?",
    "Of course. Give me a moment, please.",
]
PAUSES = (0.5, 1, 2, 4, 8, 8, 8)  # seconds between attempts while nobody answers
SILENCE = 25.0  # seconds without a frame: beats come every 10 s
PATIENCE = 15.0  # seconds: a request that takes longer counts as lost
LATER = (408, 425, 429, 500, 502, 503, 504)
GONE = (404, 409)  # ended by somebody else, or not ours any more


class Sightings(HTMLParser):
    """What a console shows: the rows that are there, those taken away, the customers' messages."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[str] = []
        self.removed: list[str] = []
        self.written: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        element = attributes.get("id") or ""
        removed = attributes.get("data-remove") or ""
        if removed.startswith("conversation-"):
            self.removed.append(removed.removeprefix("conversation-"))
        elif element.startswith("conversation-"):
            self.rows.append(element.removeprefix("conversation-"))
        elif element.startswith("message-") and attributes.get("data-author") == "contact":
            self.written.append(attributes.get("data-conversation") or "")


@dataclass
class Desk:
    """Accepts, answers what customers write, and ends when they have nothing more to say."""

    name: str
    home: str  # http://…/p/<project>/
    cookies: dict[str, str]
    typification: int
    thinking: float  # seconds before an answer, on average
    answered: int = 0
    ended: int = 0
    problems: list[str] = field(default_factory=list)
    serving: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    turns: dict[str, asyncio.Event] = field(default_factory=dict)
    note: Note = nobody
    working: asyncio.Event = field(default_factory=at_work)  # cleared: no answers, no endings
    posting: int = 0  # posts under way
    line: ClientConnection | None = None

    def __post_init__(self) -> None:
        self.screen = Screen(self.ask, self._shown)

    async def work(self) -> None:
        """Until cancelled. A lost line is opened again."""
        token = self.cookies["csrftoken"]
        headers = {"X-CSRFToken": token, "X-Requested-With": "fetch", "Referer": self.home}
        async with httpx.AsyncClient(
            cookies=self.cookies, headers=headers, timeout=PATIENCE, trust_env=False
        ) as self.http:
            try:
                await self._listen()
            finally:
                for task in self.serving.values():
                    task.cancel()
                await asyncio.gather(*self.serving.values(), return_exceptions=True)

    async def finish(self) -> None:
        """End at once whatever is still held, also what would come in next."""
        await self._post("availability/", state="not_available")
        for conversation, task in self.serving.items():
            if not task.done():
                task.cancel()
                await self.end(conversation)

    async def _listen(self) -> None:
        url = httpx.URL(self.home)
        scheme = "wss" if url.scheme == "https" else "ws"
        origin = f"{url.scheme}://{url.netloc.decode()}"
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        address = f"{scheme}://{url.netloc.decode()}/ws/console/{url.path.strip('/')[2:]}/"
        async with contextlib.aclosing(
            lines(address, origin, SILENCE, additional_headers={"Cookie": cookie})
        ) as attempts:
            async for line in attempts:
                self.line, back = line, asyncio.create_task(self._come_back())
                try:
                    async for text in frames(line, SILENCE):
                        self.screen.hear(json.loads(text))
                finally:
                    back.cancel()
                self.note("lost")

    async def _come_back(self) -> None:
        await self.screen.refresh()
        self.note("back")
        await self._post("availability/", state="available")

    async def ask(self, conversation: str, after: int) -> tuple[int, str] | None:
        """The console's refresh."""
        query = {"conversation": conversation, "after": str(after)} if conversation else {}
        try:
            answer = await self.http.get(self.home + "refresh/", params=query)
        except httpx.TransportError as problem:
            raise Away from problem
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise Away
        return int(answer.headers["X-Revision"]), answer.text

    def _shown(self, html: str) -> None:
        self.note("shown", html=html)
        self._notice(Sightings(html))

    def _notice(self, seen: Sightings) -> None:
        for conversation in seen.rows:
            if conversation not in self.serving:
                self.turns[conversation] = asyncio.Event()
                self.turns[conversation].set()  # there is a first message to answer
                self.serving[conversation] = asyncio.create_task(self._serve(conversation))
        for conversation in seen.written:
            if conversation in self.turns:
                self.turns[conversation].set()
        for conversation in seen.removed:
            if conversation in self.turns:
                self.turns[conversation].set()

    async def _serve(self, conversation: str) -> None:
        """Answer each time the customer wrote; end once they are silent."""
        turn = self.turns[conversation]
        try:
            await self._open(conversation)
            while await self._is_my_turn(turn):
                turn.clear()
                await asyncio.sleep(random.uniform(0.5, 1.5) * self.thinking)  # noqa: S311
                await self.working.wait()
                if await self._answer(conversation) in GONE:
                    return
                self.answered += 1
            await self.working.wait()
            await self.end(conversation)
        except httpx.HTTPError as problem:
            self.problems.append(f"{self.name}: {type(problem).__name__} {problem}")

    async def _open(self, conversation: str) -> None:
        """As a click does; opening is only seeing."""
        self.screen.opened(conversation, "")
        with contextlib.suppress(httpx.TransportError):
            address = f"{self.home}c/{conversation}/"
            answer = await self.http.get(address, headers={"HX-Request": "true"})
            if answer.status_code == 200:
                self.screen.opened(conversation, answer.text)

    async def _answer(self, conversation: str) -> int:
        """The status."""
        message, text = str(uuid.uuid4()), random.choice(ANSWERS)  # noqa: S311
        self.note("sent", id=message, text=text)
        answer = await self._post(f"c/{conversation}/messages/", id=message, text=text)
        if answer < 300:
            self.note("acked", id=message, conversation=conversation)
        return answer

    async def end(self, conversation: str) -> None:
        path = f"c/{conversation}/ending/"
        if await self._post(path, typification=str(self.typification)) < 300:
            self.ended += 1

    async def _is_my_turn(self, turn: asyncio.Event) -> bool:
        """Whether the customer writes again within three times the usual thinking."""
        try:
            async with asyncio.timeout(max(2.0, 3 * self.thinking)):
                await turn.wait()
        except TimeoutError:
            return False
        return True

    async def _post(self, path: str, **fields: str) -> int:
        """The answer's status; what is neither done nor gone is kept as a problem.

        Without an answer the same is posted again, as a console does: it counts once.
        """
        self.posting, began = self.posting + 1, time.monotonic()
        try:
            answer = await self._until_answered(path, fields)
        finally:
            self.posting -= 1
        self.note("answered", path=path, seconds=time.monotonic() - began)
        if answer.status_code >= 400 and answer.status_code not in GONE:
            self.problems.append(f"{self.name}: {path} {answer.status_code} {answer.text[:80]}")
        return answer.status_code

    async def _until_answered(self, path: str, fields: dict[str, str]) -> httpx.Response:
        for pause in PAUSES:
            with contextlib.suppress(httpx.TransportError):
                answer = await self.http.post(self.home + path, data=fields)
                if answer.status_code not in LATER:
                    return answer
            await asyncio.sleep(pause)
        return await self.http.post(self.home + path, data=fields)
