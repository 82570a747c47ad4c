"""Sockets of the cast, against the product's own ASGI application."""

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from agents.models import Agent
from contactcenter.asgi import application
from conversations.models import Inbox

HOST = b"testserver"
ORIGIN = b"http://testserver"


class Line(WebsocketCommunicator):
    """A socket with words for what the stories do; a console's has a browser of its own."""

    client: Client
    page: str
    session_key: str

    def __init__(self, path: str, *, origin: bytes | None = ORIGIN, cookie: str = "") -> None:
        headers = [(b"host", HOST), (b"cookie", cookie.encode())]
        if origin is not None:
            headers.append((b"origin", origin))
        super().__init__(application, path, headers=headers)

    async def connect(self, timeout: float = 10) -> tuple[bool, Any]:
        """A busy machine takes its time."""
        return await super().connect(timeout)

    async def say(self, **frame: Any) -> None:
        await self.send_to(text_data=json.dumps(frame))

    async def hear(self, kind: str, seconds: float = 5) -> dict[str, Any]:
        """The next frame of that type; others on the way are let pass."""
        while True:
            frame = json.loads(await self.receive_from(timeout=seconds))
            if frame["type"] == kind:
                return frame

    async def heard(self, seconds: float = 0.2) -> set[str]:
        """The types of all frames until it is silent for so long."""
        kinds = set()
        while not await self.receive_nothing(seconds):
            kinds.add(json.loads(await self.receive_from())["type"])
        return kinds

    async def close_code(self, seconds: float = 5) -> int:
        """The code the server closes with; frames before it are let pass."""
        while True:
            event = await self.receive_output(timeout=seconds)
            if event["type"] == "websocket.close":
                return int(event["code"])

    async def hello(self, **fields: Any) -> dict[str, Any]:
        await self.say(type="hello", **{"token": None, "name": "Lucía", "language": "en"} | fields)
        return await self.hear("welcome")

    async def write(self, text: str = "Hello", name: uuid.UUID | None = None) -> dict[str, Any]:
        await self.say(type="message", id=str(name or uuid.uuid4()), text=text)
        return await self.hear("ack")


def webchat(inbox: Inbox, **options: Any) -> Line:
    return Line(f"/ws/webchat/{inbox.key}/", **options)


async def page(
    inbox: Inbox, token: str | None = None, **hello: object
) -> tuple[Line, dict[str, Any]]:
    """An open page that has said hello, and its welcome."""
    line = webchat(inbox)
    await line.connect()
    return line, await line.hello(token=token, **hello)


async def state(line: Line, wanted: str) -> dict[str, Any]:
    """The frame that tells this state; others on the way are let pass."""
    while (frame := await line.hear("state"))["state"] != wanted:
        pass
    return frame


async def console(agent: Agent, *, slug: str | None = None, **options: Any) -> Line:
    """An unopened line of this agent's console, with a session of their own."""
    client = Client()
    await sync_to_async(client.force_login)(agent.user, backend="agents.backends.ModelBackend")
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    slug = slug or (await sync_to_async(lambda: agent.project.slug)())
    line = Line(f"/ws/console/{slug}/", cookie=cookie, **options)
    line.client, line.page = client, f"/p/{slug}/"
    line.session_key = client.session.session_key or ""
    return line


async def until(is_so: Callable[[], object], seconds: float = 5) -> None:
    """`is_so` asks the database."""
    async with asyncio.timeout(seconds):
        while not await sync_to_async(is_so)():
            await asyncio.sleep(0.02)
