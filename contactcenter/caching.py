"""No cache keeps a page unless the page says so: most show what is somebody's own."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

NOT_KEPT = "private, no-store"


@sync_and_async_middleware
def not_kept_by_default(get_response: Callable[[HttpRequest], Any]) -> Callable[..., Any]:
    """Also not by the browser, for the next person at this computer who presses Back."""

    def mark(response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Cache-Control", NOT_KEPT)
        return response

    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponse:
            answer: Awaitable[HttpResponse] = get_response(request)
            return mark(await answer)

        return later

    return lambda request: mark(get_response(request))
