"""The addresses of the sockets (contract.md)."""

from typing import Any

from django.urls import path, re_path

from conversations.consumers import ConsoleConsumer
from conversations.transports.webchat.consumer import VisitorConsumer


async def nowhere(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An unknown address is refused in the handshake."""
    await send({"type": "websocket.close", "code": 4404})


urlpatterns = [
    path("ws/console/<slug:project>/", ConsoleConsumer.as_asgi()),
    path("ws/webchat/<slug:key>/", VisitorConsumer.as_asgi()),
    re_path(r"", nowhere),  # type: ignore[arg-type]  # an ASGI application, as URLRouter takes
]
