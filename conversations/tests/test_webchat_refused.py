"""What the customer's socket refuses: strangers, foreign pages, wrong frames, too many of them."""

import json
import uuid

import pytest
from django.conf import LazySettings

from agents.models import Agent
from conversations.models import Contact, Conversation, Inbox, Message
from conversations.tests.sockets import webchat

pytestmark = pytest.mark.django_db(transaction=True)
A_UUID = "245dc7df-c8bf-419a-a048-a421191f5581"


async def test_mallory_with_another_token_sees_nothing_of_lucias(web: Inbox) -> None:
    lucia, mallory = webchat(web), webchat(web)
    await lucia.connect()
    await lucia.hello()
    ack = await lucia.write("my secret")
    await mallory.connect()
    welcome = await mallory.hello(conversation=ack["conversation"], after=0, name="Mallory")
    assert (welcome["messages"], welcome["conversation"]) == ([], None)
    await mallory.say(type="end")
    await mallory.write("mine")
    assert await Conversation.objects.filter(ended_at=None).acount() == 2
    for line in (lucia, mallory):
        await line.disconnect()


async def test_a_token_of_one_project_is_nobody_in_another(web: Inbox, mallory: Agent) -> None:
    lucia = webchat(web)
    await lucia.connect()
    token = (await lucia.hello())["token"]
    ack = await lucia.write("my secret")
    clinic = await Inbox.objects.aget(project=mallory.project_id)
    elsewhere = webchat(clinic)
    await elsewhere.connect()
    welcome = await elsewhere.hello(token=token, conversation=ack["conversation"])
    assert welcome["messages"] == []
    for line in (lucia, elsewhere):
        await line.disconnect()


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (b"http://testserver", True),
        (b"https://shop.example", True),
        (b"https://evil.test", False),
        (b"https://shop.example.evil.test", False),
        (b"null", False),
        (None, False),
    ],
)
async def test_only_our_pages_and_the_inboxs_sites_may_connect(
    web: Inbox, origin: bytes | None, allowed: bool
) -> None:
    await Inbox.objects.filter(pk=web.pk).aupdate(origins=["https://shop.example"])
    line = webchat(web, origin=origin)
    await line.connect()
    if allowed:
        assert (await line.hello())["state"] == "new"
        await line.disconnect()
    else:
        assert await line.close_code() == 4403


async def test_an_unknown_or_switched_off_inbox_is_4404(web: Inbox) -> None:
    await Inbox.objects.filter(pk=web.pk).aupdate(is_active=False)
    line = webchat(web)
    await line.connect()
    assert await line.close_code() == 4404


BAD = [
    ("not json", "bad_frame"),
    ("[]", "bad_frame"),
    ('"hello"', "bad_frame"),
    ('{"type": 7}', "bad_frame"),
    ("[" * 20000, "bad_frame"),
    ('{"type":"launch"}', "unknown_type"),
    ('{"type":"message","text":"no id"}', "bad_id"),
    ('{"type":"message","id":"1; DROP","text":"x"}', "bad_id"),
    ('{"type":"message","id":{"$ne":1},"text":"x"}', "bad_id"),
    (json.dumps({"type": "message", "id": A_UUID, "text": {"a": 1}}), "bad_text"),
    (json.dumps({"type": "message", "id": A_UUID, "text": "  \n "}), "empty"),
    (json.dumps({"type": "message", "id": A_UUID, "text": "x" * 4097}), "too_long"),
]


@pytest.mark.parametrize(("text", "code"), BAD)
async def test_a_wrong_frame_gets_a_sentence_and_the_line_stays(
    web: Inbox, text: str, code: str
) -> None:
    lucia = webchat(web)
    await lucia.connect()
    await lucia.hello()
    await lucia.send_to(text_data=text)
    error = await lucia.hear("error")
    assert error["code"] == code
    assert error["detail"]
    assert (await lucia.write("still here"))["seq"] == 1
    await lucia.disconnect()


async def test_errors_come_in_the_customers_language(web: Inbox) -> None:
    lucia = webchat(web)
    await lucia.connect()
    await lucia.hello(language="es-MX")
    await lucia.say(type="message", id=str(uuid.uuid4()), text=" ")
    english = "There is nothing in this message."
    assert (await lucia.hear("error"))["detail"] != english
    await lucia.disconnect()


async def test_nothing_before_hello(web: Inbox) -> None:
    line = webchat(web)
    await line.connect()
    await line.say(type="message", id=str(uuid.uuid4()), text="x")
    assert (await line.hear("error"))["code"] == "hello_first"
    assert await Message.objects.acount() == 0
    await line.disconnect()


async def test_binary_is_refused_with_a_sentence(web: Inbox) -> None:
    line = webchat(web)
    await line.connect()
    await line.send_to(bytes_data=b"\xff\xfe")
    assert await line.close_code() == 4400


async def test_text_that_postgres_cannot_store_is_cleaned(web: Inbox) -> None:
    lucia = webchat(web)
    await lucia.connect()
    await lucia.hello(name="<b>Lu\0cía</b> \u202e 🌷")
    await lucia.send_to(
        text_data=json.dumps(
            {"type": "message", "id": str(uuid.uuid4()), "text": "a\0b\ud800c <script>"}
        )
    )
    await lucia.hear("ack")
    assert (await Message.objects.aget()).text == "abc <script>"
    assert (await Contact.objects.aget()).name == "<b>Lucía</b> 🌷"
    await lucia.disconnect()


async def test_too_fast_keeps_what_was_written_and_then_closes(
    web: Inbox, settings: LazySettings
) -> None:
    settings.LIMIT_VISITOR_BURST, settings.LIMIT_VISITOR_PER_MINUTE = 3, 1
    lucia = webchat(web)
    await lucia.connect()
    await lucia.hello()
    for _ in range(2):
        await lucia.write()
    name = str(uuid.uuid4())
    await lucia.say(type="message", id=name, text="too fast")
    error = await lucia.hear("error")
    assert (error["code"], error["id"]) == ("too_fast", name)
    for _ in range(4):
        await lucia.say(type="typing")
    assert await lucia.close_code() == 4429
    assert await Message.objects.acount() == 2
