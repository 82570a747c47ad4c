"""Django's pages for the web process: a request's middleware and view in one go, on one thread."""

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.db import connection
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

# Threads are kept, and another is made only when all are busy: making one for every page took a
# tenth of it. So many that a slow neighbour, who holds up every page that asks it, does not
# hold up /healthz; how many may talk to the database is the pool's business.
THREADS = ThreadPoolExecutor(200, thread_name_prefix="page")


# In a request's scope: its body as an open file.
BODY = "contactcenter.body"


class Pages(ASGIHandler):
    """As Django's own, with one visit to a thread.

    All our views and nearly all middleware are plain functions. Under ASGI Django goes to the
    thread and back for each half of each middleware, and for what surrounds a request, over a
    dozen times a page: that took as long as the view. Nobody here cancels a view whose reader has
    gone: daphne drops what is sent to them.
    """

    _middleware_chain: Any

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        # The web process has received it already (`server.WebServer`); others bring it in parts.
        body = scope.pop(BODY, None)
        try:
            body = body or await self.read_body(receive)
        except RequestAborted:
            return
        visit = contextvars.copy_context().run  # no page sees another's language
        response = await asyncio.get_running_loop().run_in_executor(
            THREADS, visit, self._answer, scope, body
        )
        if response.streaming:
            await self._stream(response, send)
        else:
            await self.send_response(response, send)

    async def _stream(self, response: Any, send: Any) -> None:
        """A file, part by part: never whole in memory, and no thread waits for a slow reader."""
        loop, parts = asyncio.get_running_loop(), iter(response.streaming_content)
        headers = [(name.encode(), value.encode("latin-1")) for name, value in response.items()]
        await send(
            {"type": "http.response.start", "status": response.status_code, "headers": headers}
        )
        try:
            while part := await loop.run_in_executor(THREADS, next, parts, b""):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await loop.run_in_executor(THREADS, response.close)

    def _answer(self, scope: Any, body: Any) -> HttpResponseBase:
        """The whole answer, everything around it included: connections are looked at before and
        given back after, also before a file begins to travel."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = self.get_response(request) if request else refusal
        if response.streaming:
            connection.close()
        else:
            response.close()
        body.close()
        return response
