"""Attack: the sockets (P-14, P-16). Foreign pages, and frames no browser of ours would send."""

import json
import uuid

import pytest
from asgiref.sync import sync_to_async

from agents.models import Agent
from conversations.models import Conversation, Inbox, Message
from conversations.tests.sockets import console, webchat

pytestmark = pytest.mark.django_db(transaction=True)
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


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_page_opens_no_console(ana: Agent, origin: bytes | None) -> None:
    line = await console(ana, origin=origin)
    await line.connect()
    assert await line.close_code() == 4403


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_page_opens_no_chat(web: Inbox, origin: bytes | None) -> None:
    line = webchat(web, origin=origin)
    await line.connect()
    assert await line.close_code() == 4403


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


@pytest.mark.parametrize("text", [" ", "x", "[" * 60_000, '{"type":"frame","text":"x"}', "\0"])
async def test_a_console_takes_no_frame_at_all(ana: Agent, text: str) -> None:
    line = await console(ana)
    await line.connect()
    await line.send_to(text_data=text)
    assert await line.close_code() == 4400


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
