"""What the customers' journeys share: a chat with a form, agents without a browser, and a line
on which more arrives than the server sends, or which it closes."""

import json
import uuid
from typing import Any

from playwright.sync_api import BrowserContext, Page, WebSocketRoute

from agents.models import Agent, Project
from contactcenter.testing import holder_of, make_agent, make_project, ready
from contactcenter.tests.stack import wait_until
from conversations import outbound
from conversations.models import Conversation, FormField, Inbox, Message


def shop_with_form() -> tuple[Project, list[FormField]]:
    """It asks for a name and an address, and offers to note a phone."""
    shop = make_project()
    fields = [("Name", "name", True), ("Email", "email", True), ("Phone", "phone", False)]
    return shop, [
        FormField.objects.create(
            inbox=shop.inboxes.get(), label=label, kind=kind, is_required=required, position=place
        )
        for place, (label, kind, required) in enumerate(fields)
    ]


def ready_agent(shop: Project, name: str = "Ana") -> Agent:
    return ready(make_agent(shop, name))


def conversation_of(inbox: Inbox) -> Conversation:
    """The one open conversation of that chat, once it is there."""
    conversations = Conversation.objects.filter(inbox=inbox, ended_at=None)
    wait_until(conversations.exists, 10)
    return conversations.get()


def answer(conversation: Conversation, text: str) -> Message:
    """Whoever holds it answers."""
    wait_until(lambda: holder_of(conversation) is not None, 10)
    agent = holder_of(conversation)
    assert agent
    return outbound.send(agent=agent, conversation=conversation, client_id=uuid.uuid4(), text=text)


class Tapped:
    """The real socket of a page's chat; frames can be added and the line closed as the server
    would: what takes a crowd or a restart in earnest."""

    def __init__(self, place: Page | BrowserContext) -> None:
        self.sockets: list[WebSocketRoute] = []
        place.route_web_socket("**/ws/webchat/**", self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        socket.connect_to_server()

    def push(self, **frame: Any) -> None:
        self.sockets[-1].send(json.dumps(frame))

    def close(self, code: int) -> None:
        self.sockets[-1].close(code=code)
