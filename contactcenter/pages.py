"""Django's pages for the web process: a request's middleware and view in one go, on one thread."""

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

# Threads are kept, and another is made only when all are busy: making one for every page took a
# tenth of it. So many that a slow neighbour, who holds up every page that asks it, does not
# hold up /healthz; how many may talk to the database is the pool's business.
THREADS = ThreadPoolExecutor(200, thread_name_prefix="page")


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
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        visit = contextvars.copy_context().run  # no page sees another's language
        response = await asyncio.get_running_loop().run_in_executor(
            THREADS, visit, self._answer, scope, body
        )
        await self.send_response(response, send)

    def _answer(self, scope: Any, body: Any) -> HttpResponseBase:
        """The whole answer, everything around it included: connections are looked at before and
        given back after. None of ours is streamed."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = self.get_response(request) if request else refusal
        response.close()
        body.close()
        return response
