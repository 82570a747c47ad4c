"""What the web process takes of a request before anybody is asked who sends it."""

from types import SimpleNamespace
from typing import Any

import pytest

from contactcenter import server
from contactcenter.server import MEGABYTE, Request

UPLOADS, CHAT, MESSAGES = b"/p/shop/uploads/", b"/webchat/key/uploads/", b"/p/shop/messages/"


class Line:
    """The connection, as a request sees it: what was answered, whether it was cut."""

    def __init__(self, path: bytes) -> None:
        self._path = path
        self.answered: list[bytes] = []
        self.is_cut = False
        self.factory = SimpleNamespace(server=SimpleNamespace(protocol_connected=id))
        self.transport = SimpleNamespace(write=self.answered.append)
        self.site: Any = None

    def getPeer(self) -> None:
        """Nobody in particular."""

    getHost = getPeer

    def loseConnection(self) -> None:
        self.is_cut = True


def brought(path: bytes, megabytes: int, said: int | None = None) -> list[bytes]:
    """What is answered to so much; `said` is how much was announced, None for nothing."""
    line = Line(path)
    request = Request(line)
    request.gotLength(None if said is None else said * MEGABYTE)
    for _ in range(megabytes):
        if not line.is_cut:
            request.handleContentChunk(bytes(MEGABYTE))
    assert line.is_cut == bool(line.answered)
    return line.answered


@pytest.mark.parametrize(
    ("path", "announced"), [(UPLOADS, 102), (CHAT, 27), (MESSAGES, 5), (UPLOADS + b"x/", 5)]
)
def test_what_is_announced_too_large_is_refused_before_it_comes(
    path: bytes, announced: int
) -> None:
    assert brought(path, 0, announced) == [server.TOO_LARGE]
    assert brought(path, 1, announced - 2) == []


def test_what_announces_nothing_is_cut_when_it_is_too_large() -> None:
    assert brought(CHAT, 40) == [server.TOO_LARGE]
    assert brought(MESSAGES, 4) == []


def test_without_room_on_the_disk_no_file_comes_in_and_words_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever fills it, signed in or not, would take PostgreSQL along."""
    monkeypatch.setattr(server, "LEAST_ROOM", 2**60)
    assert brought(UPLOADS, 20) == [server.NO_ROOM]
    assert brought(UPLOADS, 0, 20) == [server.NO_ROOM]
    assert brought(MESSAGES, 2) == []
