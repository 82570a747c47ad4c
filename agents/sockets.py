"""The base of every socket: threads of its own, JSON frames with limits, errors in a sentence."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import close_old_connections
from django.http.request import split_domain_port, validate_host
from django.utils import translation

T = TypeVar("T")

# Channels runs all database work of a process on one thread, so one slow query stalls every
# socket (measured: 20 × 0.1 s took 2.0 s). Ours has half the pool of connections; the other half
# is for pages.
THREADS = ThreadPoolExecutor(
    max(2, int(os.environ.get("DATABASE_POOL_SIZE") or 16) // 2), thread_name_prefix="socket"
)
MOST_BYTES = 64 * 1024

BAD_INPUT, NOT_ALLOWED, NOT_FOUND = 4400, 4403, 4404
SIGNED_OUT, REPLACED, TOO_FAST, RESTARTING = 4401, 4409, 4429, 1012


def on_thread(call: Callable[..., T], *args: Any, **kwargs: Any) -> "asyncio.Future[T]":
    """Run blocking code (the ORM, a verb) on a socket thread, in the caller's language."""
    language = translation.get_language()

    def work() -> T:
        close_old_connections()
        try:
            with translation.override(language):
                return call(*args, **kwargs)
        finally:
            close_old_connections()

    return asyncio.get_running_loop().run_in_executor(THREADS, work)


class Refused(Exception):
    """A frame that cannot be accepted: a code for programs, a sentence for people."""

    def __init__(self, code: str, detail: str, *, close: int | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.close = code, str(detail), close


class Bucket:
    """A token bucket: `burst` at once, `per_minute` in the long run."""

    def __init__(self, burst: int, per_minute: float) -> None:
        self.burst, self.rate = burst, per_minute / 60
        self.tokens, self.at = float(burst), time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Socket(AsyncWebsocketConsumer):
    """What the console's and the customer's sockets share."""

    _listen: Callable[[], Awaitable[dict[str, Any]]]
    # What the other end says while it waits for its turn.
    _heard: "asyncio.Future[dict[str, Any]] | None" = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self._listen = receive
        try:
            await super().__call__(scope, self._message, send)
        finally:
            if self._heard:
                self._heard.cancel()

    async def _message(self) -> dict[str, Any]:
        heard, self._heard = self._heard, None
        return await (heard or self._listen())

    async def has_turn(self, door: asyncio.Semaphore) -> bool:
        """Wait for a turn at the door, to be given back by `door.release()`. False, and nothing to
        give back, where the other end went meanwhile: after an outage those who have given up
        stand before those who came again, and would be served first, in vain."""
        turn = asyncio.ensure_future(door.acquire())
        self._heard = heard = asyncio.ensure_future(self._listen())
        try:
            await asyncio.wait((turn, heard), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            _give_back(turn, door)
            raise
        if heard.done():  # before it is let in, it can only say that it went
            _give_back(turn, door)
            return False
        return True

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels' own hops to the one shared thread before every handler; ours does not:
        `on_thread` closes old connections where they are."""
        handler = getattr(self, get_handler_name(message), None)
        if handler is None:
            raise ValueError(f"No handler for message type {message['type']}")
        await handler(message)

    async def frame(self, event: dict[str, Any]) -> None:
        """A ready frame from a group."""
        await self.send(text_data=event["text"])

    async def send_frame(self, **frame: Any) -> None:
        await self.send(text_data=json.dumps(frame))

    def header(self, name: bytes) -> str:
        return dict(self.scope["headers"]).get(name, b"").decode("latin-1")

    @property
    def origin(self) -> str:
        return self.header(b"origin")

    @property
    def is_same_origin(self) -> bool:
        """Whether the page that opened this socket is ours, under a name that is ours."""
        host = self.header(b"host")
        is_page = self.origin in {f"http://{host}", f"https://{host}"}
        return is_page and validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def _give_back(turn: "asyncio.Future[Any]", door: asyncio.Semaphore) -> None:
    if turn.done():
        door.release()
    else:
        turn.cancel()


def parse(text: str | None) -> dict[str, Any]:
    """A frame as a JSON object with a text `type`; Refused otherwise."""
    if text is None or len(text.encode()) > MOST_BYTES:
        raise Refused(
            "too_large", translation.gettext("That is too much at once."), close=BAD_INPUT
        )
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        frame = None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise Refused("bad_frame", translation.gettext("That is not a frame we understand."))
    return frame
