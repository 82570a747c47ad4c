"""The relay as a process: `python -m bench.floor.server`, listening on PORT."""

import json
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.floor.settings"

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

pages = get_asgi_application()

from daphne.server import Server  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import path  # noqa: E402

from bench.floor.models import Line  # noqa: E402


class Customer(AsyncWebsocketConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        frame = json.loads(text_data or "{}")
        await database_sync_to_async(Line.objects.create)(client_id=frame["id"], text=frame["text"])
        group = f"agent.{self.scope['url_route']['kwargs']['agent']}"
        await self.channel_layer.group_send(group, {"type": "relay", "text": text_data})
        await self.send(text_data=json.dumps({"type": "ack", "id": frame["id"]}))


class Agent(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        self.group = f"agent.{self.scope['url_route']['kwargs']['agent']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def relay(self, event: dict[str, str]) -> None:
        await self.send(text_data=event["text"])


application = ProtocolTypeRouter(
    {
        "http": pages,
        "websocket": URLRouter(
            [
                path("customer/<int:agent>/", Customer.as_asgi()),
                path("agent/<int:agent>/", Agent.as_asgi()),
            ]
        ),
    }
)


def main() -> None:
    with connection.schema_editor() as editor:
        if Line._meta.db_table not in connection.introspection.table_names():
            editor.create_model(Line)
    connection.close()
    Server(
        application=application,
        endpoints=[f"tcp:port={os.environ['PORT']}:interface=127.0.0.1"],
        websocket_timeout=-1,
        ping_interval=10,
        ping_timeout=10,
        signal_handlers=True,
    ).run()


if __name__ == "__main__":
    main()
