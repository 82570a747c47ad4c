"""What can be wrong with a line, and one client that is through."""

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass, field

from faults.messages import AnswerLost

UP, DOWN, BOTH = "up", "down", "both"  # towards the target, back to the client
MODES = {
    "pass": "as it is, but for `latency` (seconds a piece) and `rate` (bytes a second)",
    "hold": "a black hole that keeps what it swallowed: it comes through with the healing",
    "swallow": "a black hole that keeps nothing: whoever lost bytes is reset with the healing",
    "reset": "everybody is thrown out, and whoever comes anew",
    "refuse": "nobody listens here any more; who is through already stays",
    "cut": "thrown out once `after` bytes went that way",
    "stick": "once: the line that says `having` (a pattern) is a black hole from then on",
    "answer": "once: the COMMIT of a transaction that said `having` arrives, its answer does not",
}


@dataclass
class Way:
    """One direction of all lines of a proxy."""

    name: str = "pass"
    latency: float = 0.0
    rate: float = 0.0
    after: int = 0
    having: bytes = b""


@dataclass(eq=False)
class Line:
    """One client that is through."""

    client: asyncio.StreamWriter
    target: asyncio.StreamWriter
    ways: dict[str, Way]
    news: asyncio.Event = field(default_factory=asyncio.Event)
    passed: dict[str, int] = field(default_factory=lambda: {UP: 0, DOWN: 0})
    has_lost: bool = False
    watch: AnswerLost | None = None
    answer_is_lost: bool = False
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    def reset(self) -> None:
        """RST to both, not a polite FIN."""
        for writer in (self.client, self.target):
            with contextlib.suppress(OSError, AttributeError):
                plug = writer.get_extra_info("socket")
                plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
