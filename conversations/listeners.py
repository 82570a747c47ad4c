"""Who hears the heartbeat: what it needs of a socket."""

from typing import Any, Protocol

from agents.models import Agent
from conversations import estimates
from conversations.models import Identity


class Console(Protocol):
    """What the heartbeat needs of a console's socket."""

    agent: Agent
    console_id: int

    async def send(self, text_data: str) -> None: ...
    async def send_frame(self, **frame: Any) -> None: ...
    async def enter_again(self) -> None: ...
    async def close(self, code: int) -> None: ...


class Visitor(Protocol):
    """What the heartbeat needs of a customer's socket."""

    identity: Identity | None
    conversation: str | None
    state: str
    position: int | None

    async def show_place(self, place: estimates.InLine) -> None: ...
    async def send_frame(self, **frame: Any) -> None: ...
    async def close(self, code: int) -> None: ...
