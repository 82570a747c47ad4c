"""Django's pages for the web process: a request's middleware and view in one go, on one thread."""

from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler


class Pages(ASGIHandler):
    """As Django's own, with one visit to the request's thread.

    All our views and nearly all middleware are plain functions. Under ASGI Django goes to the
    thread and back for each half of each middleware, a dozen times a page: that took as long as
    the view. Each request still has a thread of its own, so that a slow one delays no other.
    """

    _middleware_chain: Any

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)
        self._middleware_chain = sync_to_async(self._middleware_chain)
