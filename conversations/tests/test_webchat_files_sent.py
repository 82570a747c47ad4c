"""A customer's files over the socket: with a message, once, and their verdict after it (R51)."""

import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from agents.models import Agent
from contactcenter.testing import make_inbox, ready
from conversations import filing
from conversations.models import Attachment, Identity, Inbox, Message
from conversations.tests.sockets import console, page
from conversations.tests.visitors_files import OTHER, ask, bring, said
from media.tests.making import pdf, sent

pytestmark = pytest.mark.django_db(transaction=True)


async def brought(inbox: Inbox, token: str, **form: Any) -> str:
    return str(said(await sync_to_async(bring)(inbox, token, **form))["id"])


async def inspect(upload_id: str) -> None:
    assert await sync_to_async(filing.inspect)(uuid.UUID(upload_id))


async def test_it_goes_with_a_message_and_its_verdict_follows(web: Inbox, ana: Agent) -> None:
    await sync_to_async(ready)(ana)
    desk = await console(ana)
    await desk.connect()
    line, welcome = await page(web)
    assert welcome["rules"]["image"]["max"] == 5 * 1024 * 1024
    assert ".png" in welcome["rules"]["image"]["formats"]
    assert welcome["rules"]["text"] == {"max": 4096}
    upload_id = await brought(web, welcome["token"])
    name = str(uuid.uuid4())
    await line.say(type="message", id=name, text="", uploads=[upload_id])
    shown = await line.hear("message")
    assert (shown["id"], [file["state"] for file in shown["files"]]) == (name, ["checking"])
    await inspect(upload_id)
    told = await line.hear("files")
    assert (told["id"], told["seq"]) == (name, 1)
    assert told["files"][0]["state"] == "ready"
    assert (await sync_to_async(Client().get)(told["files"][0]["url"])).status_code == 200
    while True:
        push = await desk.hear("push")
        if f"{upload_id}/small/" in push["html"]:
            break
    _line, again = await page(web, welcome["token"])
    assert again["messages"][0]["files"][0]["state"] == "ready"
    await line.disconnect()
    await desk.disconnect()


async def test_one_that_is_not_sent_yet_follows_too(web: Inbox) -> None:
    line, welcome = await page(web)
    await line.write("Hello")
    upload_id = await brought(web, welcome["token"])
    await inspect(upload_id)
    told = (await line.hear("upload"))["file"]
    assert (told["id"], told["state"]) == (upload_id, "ready")
    await line.disconnect()


async def test_a_file_may_be_the_first_thing_somebody_says(web: Inbox) -> None:
    line, welcome = await page(web)
    upload_id = await brought(web, welcome["token"], kind="document", file=sent("a.pdf", pdf()))
    await line.say(type="message", id=str(uuid.uuid4()), text="", uploads=[upload_id])
    assert (await line.hear("ack"))["seq"] == 1
    attachment = await Attachment.objects.select_related("conversation").aget()
    assert attachment.message_id
    assert await Identity.objects.acount() == 1
    await line.disconnect()


@pytest.mark.parametrize(
    "uploads",
    [
        ["nonsense"],
        [7],
        "x",
        {"a": 1},
        [None],
        [str(uuid.uuid4())],
        [str(uuid.UUID(int=n)) for n in range(11)],
    ],
)
async def test_what_is_no_file_of_theirs_is_refused(web: Inbox, uploads: object) -> None:
    line, _welcome = await page(web)
    name = str(uuid.uuid4())
    await line.say(type="message", id=name, text="Hello", uploads=uploads)
    problem = await line.hear("error")
    assert problem["id"] == name
    assert problem["code"] in {"bad_uploads", "too_many_files"}
    assert not await Message.objects.aexists()
    await line.disconnect()


async def test_another_visitors_file_and_one_of_another_channel_do_not_go(web: Inbox) -> None:
    second = await sync_to_async(lambda: make_inbox(web.campaign))()
    line, welcome = await page(web)
    theirs = await brought(web, OTHER)
    elsewhere = await brought(second, welcome["token"])
    for upload_id in (theirs, elsewhere):
        await line.say(type="message", id=str(uuid.uuid4()), text="x", uploads=[upload_id])
        assert (await line.hear("error"))["code"] == "bad_uploads"
    assert not await Message.objects.aexists()
    await line.disconnect()


async def test_each_goes_once_and_a_refused_one_never(web: Inbox) -> None:
    line, welcome = await page(web)
    good = await brought(web, welcome["token"])
    bad = await brought(web, welcome["token"], file=sent("a.png", b"This is a text.\n"))
    await inspect(bad)
    await line.say(type="message", id=str(uuid.uuid4()), text="", uploads=[good, good])
    assert (await line.hear("ack"))["seq"] == 1
    for upload_id in (good, bad):
        await line.say(type="message", id=str(uuid.uuid4()), text="x", uploads=[upload_id])
        assert (await line.hear("error"))["code"] == "bad_uploads"
    taken_back = await sync_to_async(ask)(web, good, welcome["token"], "delete")
    assert taken_back.status_code == 409
    await line.disconnect()
