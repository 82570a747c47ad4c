"""Attack: frames that only a wire can carry, and who has signed out, at the running web process
(P-15, P-16)."""

import contextlib
import json
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from contactcenter.testing import make_agent, make_project
from contactcenter.tests.stack import Stack

pytestmark = pytest.mark.usefixtures("committed")
TEXT, BINARY, MORE = 1, 2, 0
CUT = 1006  # at once, without a goodbye


@contextmanager
def visitor(stack: Stack, **options: object) -> Iterator[ClientConnection]:
    inbox = make_project().inboxes.get()
    address = f"{stack.url.replace('http', 'ws')}/ws/webchat/{inbox.key}/"
    with connect(address, origin=stack.url, legacy=True, **options) as line:
        yield line


def raw(line: ClientConnection, opcode: int, payload: bytes, *, final: bool = True) -> None:
    """One frame as it stands on the wire, also one that no library would send."""
    first, mask, size = (0x80 if final else 0) | opcode, os.urandom(4), len(payload)
    if size < 126:
        head = struct.pack("!BB", first, 0x80 | size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, size)
    with contextlib.suppress(OSError):  # cut already
        line.socket.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))


def close_code(line: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            line.recv(10)
    return closed.value.rcvd.code if closed.value.rcvd else 1006


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([(TEXT, b"x" * 70_000, True)], CUT),
        ([(TEXT, b"x" * 60_000, False), (MORE, b"x" * 60_000, True)], CUT),
        ([(TEXT, b"", False)] + [(MORE, b"x" * 1000, False)] * 100, CUT),
        ([(TEXT, b"\xff\xfe\x80", True)], CUT),
        ([(TEXT, b'"\xed\xa0\x80"', True)], CUT),
        ([(BINARY, b"{}", True)], 4400),
        ([(MORE, b"x", True)], CUT),
        ([(9, b"x" * 126, True)], CUT),
        ([(3, b"x", True)], CUT),
    ],
    ids=["large", "in two", "in many", "not UTF-8", "surrogate", "binary", "no begin", "ping", "3"],
)
def test_frames_that_break_the_rules_end_their_own_line_only(
    stack: Stack, frames: list[tuple[int, bytes, bool]], code: int
) -> None:
    with visitor(stack) as line, visitor(stack) as other:
        for opcode, payload, final in frames:
            raw(line, opcode, payload, final=final)
        assert close_code(line) == code
        other.send(json.dumps({"type": "hello", "token": None, "language": "en"}))
        assert json.loads(other.recv(10))["type"] == "welcome"


def test_a_message_in_pieces_is_one_message(stack: Stack) -> None:
    with visitor(stack) as line:
        raw(line, TEXT, b'{"type":"hel', final=False)
        raw(line, MORE, b'lo","token":null}')
        assert json.loads(line.recv(10))["type"] == "welcome"


def test_compression_is_never_agreed(stack: Stack) -> None:
    """A frame of a few bytes could unfold to any size."""
    with visitor(stack, compression="deflate") as line:
        assert "Sec-WebSocket-Extensions" in line.request.headers
        assert "Sec-WebSocket-Extensions" not in line.response.headers


def test_whoever_has_signed_out_opens_no_socket_and_keeps_none(stack: Stack) -> None:
    ana = make_agent(make_project(), "Ana")
    client = Client()
    client.force_login(ana.user, backend="agents.backends.ModelBackend")
    cookie = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    address = f"{stack.url.replace('http', 'ws')}/ws/console/{ana.project.slug}/"
    tabs = [
        connect(address, origin=stack.url, additional_headers=cookie, legacy=True) for _ in range(2)
    ]
    client.post("/logout/")
    assert {close_code(tab) for tab in tabs} == {4401}
    with connect(address, origin=stack.url, additional_headers=cookie, legacy=True) as late:
        assert close_code(late) == 4401
    connection.close()
