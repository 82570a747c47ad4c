"""The web process: `python -m contactcenter.server`, listening on HOST:PORT.

Daphne with three differences: the limits of promises.md, a pool of database connections opened
before the first request, and a SIGTERM that says goodbye: sockets are closed with 1012 ("service
restart"), their consoles' leases end, and what is under way may finish.
"""

import asyncio
import logging
import re
import shutil
import signal
import sys
import tempfile
from io import BytesIO
from typing import Any

from contactcenter.asgi import application  # installs Django before Twisted's reactor

import autobahn.websocket.protocol  # isort: skip
import daphne.server  # isort: skip
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from django.db import connection
from twisted.internet import reactor
from twisted.internet.task import deferLater

from agents import publishing
from agents.sockets import RESTARTING
from contactcenter import alive, watching
from contactcenter.pages import BODY
from media.starting import MOST_BYTES, MOST_FROM_WIDGET

logger = logging.getLogger("contactcenter.server")

GOODBYE_SECONDS = 10.0
LOOK_EVERY = 0.1
MOST_MESSAGE = 64 * 1024  # bytes of a message on a socket, in one frame or in many
MEGABYTE = 1024 * 1024
MOST_BODY = 4 * MEGABYTE  # bytes of a request; forms have less (DATA_UPLOAD_MAX_MEMORY_SIZE)
# Bytes of a request that brings a file: what no rule can exceed, and what goes around it.
MOST_OF_FILES = {
    re.compile(rb"/p/[\w-]+/uploads/"): MOST_BYTES + MEGABYTE,
    re.compile(rb"/webchat/[\w-]+/uploads/"): MOST_FROM_WIDGET + MEGABYTE,
}
# Until a socket is let in or gone: longer than a console waits for it (line.js), so that of many
# who come back at once nobody is sent away before their turn, to stand at the end again.
AT_THE_DOOR = 30.0
STALLED = 60.0  # seconds in which a reader takes nothing of a file
LEAST_ROOM = 500 * MEGABYTE  # free where bodies lie on disk: PostgreSQL may live there, too
TOO_LARGE, NO_ROOM = (
    b"HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % status
    for status in (b"413 Content Too Large", b"507 Insufficient Storage")
)


class Request(WebRequest):
    """A body is received whole before Django is asked, on disk when it is large, so it must end
    somewhere. An answer in parts goes as fast as it is read."""

    content: Any
    _room: asyncio.Event | None = None

    def gotLength(self, length: int | None) -> None:
        super().gotLength(length)
        path = self.channel._path.partition(b"?")[0]  # not told to requests before they are whole
        limits = (most for files, most in MOST_OF_FILES.items() if files.fullmatch(path))
        self.most = next(limits, MOST_BODY)
        self._measure(length or 0)

    def handleContentChunk(self, data: bytes) -> None:
        super().handleContentChunk(data)
        self._measure(self.content.tell())

    def _measure(self, size: int) -> None:
        if size > self.most:
            self._refuse(TOO_LARGE)
        elif size > MOST_BODY and shutil.disk_usage(tempfile.gettempdir()).free < LEAST_ROOM:
            self._refuse(NO_ROOM)

    def _refuse(self, answer: bytes) -> None:
        self.channel.transport.write(answer)
        self.channel.loseConnection()

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """Twisted would read a form itself, here in the loop, and hold it ten times over."""
        self.method, self.uri, self.clientproto = command, path, version
        self.path = path.partition(b"?")[0]
        self.content.seek(0)
        self.process()

    def take_body(self) -> Any:
        """The file it lies in: daphne would put it into memory whole, and Django into a file."""
        body, self.content = self.content, BytesIO()
        body.seek(0)
        return body

    def handle_reply(self, message: dict[str, Any]) -> None:
        if self.finished or self.channel is None:
            return
        if message.get("more_body") and self._room is None:
            self._room = asyncio.Event()
            self._room.set()
            self.registerProducer(self, True)
        elif self._room and not message.get("more_body"):
            self.unregisterProducer()
        super().handle_reply(message)

    async def room(self) -> None:
        """Until the reader has taken most of what was sent so far."""
        if self._room is None:
            return
        try:
            async with asyncio.timeout(STALLED):
                await self._room.wait()
        except TimeoutError:
            self.channel.forceAbortClient()

    def pauseProducing(self) -> None:
        if self._room:
            self._room.clear()

    def resumeProducing(self) -> None:
        if self._room:
            self._room.set()

    stopProducing = resumeProducing

    def connectionLost(self, reason: Any) -> None:
        self.resumeProducing()
        super().connectionLost(reason)


class Pages(HTTPFactory):
    def buildProtocol(self, addr: Any) -> Any:
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        return protocol


daphne.server.HTTPFactory = Pages  # daphne has no setting for it
# Each new socket lays out all its options for a log that nobody keeps: 0.3 ms, ten times of this.
autobahn.websocket.protocol.pformat = repr  # type: ignore[assignment]


class WebServer(daphne.server.Server):
    def run(self) -> None:
        self.ports: list[Any] = []
        reactor.callWhenRunning(self._take_signals)
        deferLater(reactor, 0, publishing.adopt)  # the loop runs later than "running" is said
        super().run()

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if isinstance(protocol, Request):
            scope[BODY] = protocol.take_body()
        return super().create_application(protocol, scope)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        await super().handle_reply(protocol, message)
        if isinstance(protocol, Request) and message.get("more_body"):
            await protocol.room()

    def listen_success(self, port: Any) -> None:
        self.ports.append(port)  # daphne forgets it, and then nobody can stop listening
        super().listen_success(port)

    def _take_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: reactor.callFromThread(self.say_goodbye))

    def say_goodbye(self) -> None:
        """Stop listening, close every socket, wait for the applications, then stop."""
        if alive.draining.is_set():
            return
        alive.draining.set()
        for port in self.ports:
            port.stopListening()
        for protocol in list(self.connections):
            if getattr(protocol, "state", None) == WebSocketProtocol.STATE_OPEN:
                # Not sendClose: autobahn lets applications send 1000 and 3000–4999 only.
                protocol.sendCloseFrame(code=RESTARTING, reasonUtf8=b"restarting")
        self._wait(GOODBYE_SECONDS)

    def _wait(self, seconds: float) -> None:
        if seconds <= 0 or not any(self._is_busy(d) for d in self.connections.values()):
            self.stop()
            return
        deferLater(reactor, LOOK_EVERY, self._wait, seconds - LOOK_EVERY)

    @staticmethod
    def _is_busy(details: dict[str, Any]) -> bool:
        application_instance = details.get("application_instance")
        return application_instance is not None and not application_instance.done()


def open_pool() -> None:
    """The first messages otherwise wait 80–145 ms for their connection."""
    connection.ensure_connection()
    connection.close()


def main() -> None:
    open_pool()
    watching.start()
    host = settings.HOST.replace(":", r"\:")
    server = WebServer(
        application=application,
        endpoints=[f"tcp:port={settings.PORT}:interface={host}"],
        # Compression stays off, as daphne has it: a small frame could otherwise unfold to anything.
        websocket_max_message_size=MOST_MESSAGE,
        websocket_max_frame_size=MOST_MESSAGE,
        websocket_timeout=-1,
        websocket_handshake_timeout=AT_THE_DOOR,
        websocket_connect_timeout=AT_THE_DOOR,
        ping_interval=10,
        ping_timeout=10,
        server_name="contactcenter",
        signal_handlers=False,
    )
    server.run()
    if server.abort_start:
        sys.exit(f"Port {settings.PORT} on {settings.HOST} is taken.")


if __name__ == "__main__":
    main()
