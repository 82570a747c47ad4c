"""Attack: the sockets (P-14, P-16). Foreign pages, and frames no browser of ours would send; the
bytes that only a wire can carry go to the running web process."""

import contextlib
import json
import os
import struct
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from agents.models import Agent
from contactcenter.testing import make_agent, make_project
from contactcenter.tests.stack import Stack
from conversations.models import Conversation, Inbox, Message
from conversations.tests.sockets import console, webchat

database = pytest.mark.django_db(transaction=True)
FOREIGN = [
    b"https://evil.test",
    b"http://testserver.evil.test",
    b"http://testserver@evil.test",
    b"http://eviltestserver",
    b"http://testserver:8080",
    b"http://testserver.",
    b"null",
    b"file://",
    b"",
    b"http://[",
    b"http://testserver/../\xff\xfe",
    b"chrome-extension://testserver",
    None,
]


@database
@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_page_opens_no_console(ana: Agent, origin: bytes | None) -> None:
    line = await console(ana, origin=origin)
    await line.connect()
    assert await line.close_code() == 4403


@database
@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_page_opens_no_chat(web: Inbox, origin: bytes | None) -> None:
    line = webchat(web, origin=origin)
    await line.connect()
    assert await line.close_code() == 4403


@database
async def test_a_name_that_is_not_ours_makes_no_page_ours(web: Inbox, ana: Agent) -> None:
    """DNS rebinding: evil.test leads to our address, so origin and host agree."""
    lines = [
        webchat(web, origin=b"http://evil.test"),
        await console(ana, origin=b"http://evil.test"),
    ]
    for line in lines:
        headers = dict(line.scope["headers"]) | {b"host": b"evil.test"}
        line.scope["headers"] = list(headers.items())
        await line.connect()
        assert await line.close_code() == 4403


NAME = str(uuid.uuid4())
NONSENSE = [
    '{"type":"hello","token":' + "[" * 10_000 + "]" * 10_000 + "}",
    '{"a":' * 10_000 + "1" + "}" * 10_000,
    '{"type":"read","seq":' + "9" * 5_000 + "}",
    '{"type":"read","seq":1e400}',
    '{"type":"read","seq":NaN}',
    '{"type":"read","seq":-Infinity}',
    '{"type":"read","seq":true}',
    '{"type":"read","seq":[1]}',
    '{"type":"hello","token":{"$gt":""},"name":["a"],"language":{"a":1},"after":"1","conversation":7}',
    '{"type":"hello","token":true,"name":null,"language":[],"conversation":{"a":[]},"after":-5}',
    '{"type":"hello","conversation":"\\ud800","name":"\\ud800","language":"\\ud800"}',
    json.dumps({"type": "hello", "conversation": "x" * 60_000, "language": "e" * 1000}),
    json.dumps({"type": "message", "id": [NAME], "text": "x"}),
    json.dumps({"type": "message", "id": NAME, "text": ["x"]}),
    json.dumps({"type": "message", "id": NAME, "text": {"a": "x"}}),
    json.dumps({"type": "message", "id": NAME, "text": 7}),
    json.dumps({"type": "message", "id": NAME, "text": None}),
    json.dumps({"type": "message", "id": NAME, "text": "x", "uploads": [str(uuid.uuid4())]}),
    json.dumps({"type": "message", "id": NAME * 100, "text": "x"}),
    json.dumps({"type": "typing", "conversation": NAME}),
    json.dumps({"type": "end", "conversation": {"a": 1}}),
    json.dumps({"type": "frame", "text": "to everybody"}),  # what groups send each other
    json.dumps({"type": "websocket.close"}),
    json.dumps({"type": "signed.out", "session_key": ""}),
    json.dumps({"type": "\0"}),
    json.dumps({"type": "connect"}),
    "null",
    "7",
    "[]",
    " ",
    "\ufeff{}",
    "NaN",
]


@database
@pytest.mark.parametrize("is_known", [False, True], ids=["before hello", "after hello"])
async def test_no_nonsense_stops_a_line_or_writes_a_row(
    web: Inbox, is_known: bool, settings: object
) -> None:
    settings.LIMIT_VISITOR_BURST = 1000
    line = webchat(web)
    await line.connect()
    if is_known:
        await line.hello()
    for text in NONSENSE:
        await line.send_to(text_data=text)
    await line.hello()
    assert await Message.objects.acount() == 0
    await line.write("still here")
    assert (await Message.objects.aget()).text == "still here"
    await line.disconnect()


@database
@pytest.mark.parametrize("text", [" ", "x", "[" * 60_000, '{"type":"frame","text":"x"}', "\0"])
async def test_a_console_takes_no_frame_at_all(ana: Agent, text: str) -> None:
    line = await console(ana)
    await line.connect()
    await line.send_to(text_data=text)
    assert await line.close_code() == 4400


@database
async def test_of_anothers_conversation_no_frame_of_mallorys_changes_anything(
    web: Inbox, settings: object
) -> None:
    """Every frame with Lucía's ids, with a token of Mallory's own."""
    settings.LIMIT_VISITOR_BURST = 1000
    lucia, mallory = webchat(web), webchat(web)
    await lucia.connect()
    await lucia.hello()
    name = uuid.uuid4()
    ack = await lucia.write("my secret", name)
    before = await sync_to_async(lambda: list(Conversation.objects.values()))()
    await mallory.connect()
    ids = {"conversation": ack["conversation"], "seq": 1, "after": 0, "id": str(name)}
    for kind in ("hello", "read", "typing", "end", "rating", "message"):
        await mallory.say(type=kind, text="mine", stars=1, **ids)
    welcome = await mallory.hello(**{k: v for k, v in ids.items() if k != "id"})
    assert "my secret" not in json.dumps(welcome)
    lucias = Conversation.objects.filter(pk=ack["conversation"])
    assert await sync_to_async(lambda: list(lucias.values()))() == before
    assert await Message.objects.filter(conversation=ack["conversation"]).acount() == 1
    for line in (lucia, mallory):
        await line.disconnect()


# On the wire, against the running process

wire = pytest.mark.usefixtures("committed")


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


TEXT, BINARY, MORE = 1, 2, 0
CUT = 1006  # at once, without a goodbye


@wire
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


@wire
def test_a_message_in_pieces_is_one_message(stack: Stack) -> None:
    with visitor(stack) as line:
        raw(line, TEXT, b'{"type":"hel', final=False)
        raw(line, MORE, b'lo","token":null}')
        assert json.loads(line.recv(10))["type"] == "welcome"


@wire
def test_compression_is_never_agreed(stack: Stack) -> None:
    """A frame of a few bytes could unfold to any size."""
    with visitor(stack, compression="deflate") as line:
        assert "Sec-WebSocket-Extensions" in line.request.headers
        assert "Sec-WebSocket-Extensions" not in line.response.headers


@wire
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
