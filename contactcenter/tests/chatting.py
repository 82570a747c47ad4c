"""What the customers' journeys share: a chat with a form, agents without a browser, and a line
on which more arrives than the server sends, or less, or which it closes."""

import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, WebSocketRoute

from agents.models import Agent, ConsoleSession, Project
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import holder_of, make_agent, make_project, ready
from conversations import outbound, releasing
from conversations.models import Assignment, Conversation, FormField, Inbox, Message


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


def vanish(agent: Agent) -> None:
    """The agent's console is gone longer than the project waits; who waits is taken back."""
    long_ago = timezone.now() - dt.timedelta(hours=1)
    ConsoleSession.objects.filter(agent=agent).update(
        lease_until=long_ago, online_until=long_ago, closed_at=long_ago
    )
    Assignment.objects.filter(agent=agent).update(started_at=long_ago)
    releasing.release_vanished()


def lose(context: BrowserContext, address: str, is_lost: Callable[[str], bool]) -> None:
    """What the server says on such a socket never gets through where `is_lost` says so."""

    def connect(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(frame: str | bytes) -> None:
            if not is_lost(str(frame)):
                socket.send(frame)

        server.on_message(pass_on)

    context.route_web_socket(address, connect)


class Tapped:
    """The real socket of a page's chat; frames can be added, texts refused and the line closed as
    the server would: what takes a crowd or a restart in earnest."""

    def __init__(self, place: Page | BrowserContext) -> None:
        self.sockets: list[WebSocketRoute] = []
        self.refusals = 0
        self.reason = {"code": "", "detail": ""}
        place.route_web_socket("**/ws/webchat/**", self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        server = socket.connect_to_server()
        socket.on_message(lambda frame: self._pass(frame, server))

    def _pass(self, sent: str | bytes, server: WebSocketRoute) -> None:
        frame = json.loads(sent)
        if self.refusals and frame["type"] == "message":
            self.refusals -= 1
            self.push(type="error", id=frame["id"], **self.reason)
        else:
            server.send(sent)

    def refuse(self, count: int, code: str, detail: str = "") -> None:
        """So many texts to come are not taken."""
        self.refusals, self.reason = count, {"code": code, "detail": detail}

    def push(self, **frame: Any) -> None:
        self.sockets[-1].send(json.dumps(frame))

    def close(self, code: int) -> None:
        self.sockets[-1].close(code=code)
