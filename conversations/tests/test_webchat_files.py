"""A customer's files: over HTTP with their token, then with a message over the socket (R51)."""

import json
import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.http import HttpResponse
from django.test import Client

from agents.models import Agent
from contactcenter.testing import make_inbox, make_project, ready
from conversations import blocking, filing
from conversations.models import Attachment, Contact, FormField, Identity, Inbox, Message
from conversations.tests.sockets import Line, console, webchat
from conversations.transports.webchat import visitors
from media.models import MediaRule, Upload
from media.tests.making import pdf, png, sent

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN, OTHER = visitors.new_token(), visitors.new_token()


def bring(inbox: Inbox, token: str = TOKEN, **form: Any) -> HttpResponse:
    form = {"kind": "image", "file": sent(), **form}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client().post(f"/webchat/{inbox.key}/uploads/", form, headers=headers)


def ask(inbox: Inbox, upload_id: object, token: str = TOKEN, method: str = "get") -> HttpResponse:
    headers = {"Authorization": f"Bearer {token}"}
    page = f"/webchat/{inbox.key}/uploads/{upload_id}/"
    return getattr(Client(), method)(page, headers=headers)


def said(answer: HttpResponse) -> dict[str, Any]:
    return json.loads(answer.content)


def test_it_is_checked_and_told(web: Inbox) -> None:
    answer = bring(web)
    assert answer.status_code == 201
    told = said(answer)
    assert (told["state"], told["name"], told["size"]) == ("checking", "lamp.png", len(png()))
    assert told["url"] is None
    filing.inspect(uuid.UUID(told["id"]))
    told = said(ask(web, told["id"]))
    assert (told["state"], told["type"], told["width"]) == ("ready", "image/png", 40)
    assert Client().get(told["url"]).status_code == 200
    assert Client().get(told["preview"]).status_code == 200


def test_a_refused_one_says_why_in_the_pages_language(web: Inbox) -> None:
    told = said(bring(web, file=sent("a.png", b"This is a text.\n")))
    filing.inspect(uuid.UUID(told["id"]))
    told = said(ask(web, told["id"]))
    assert told["state"] == "refused"
    assert told["reason"].endswith(".")
    assert told["url"] is None


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"file": sent(body=b"")}, 422, "empty"),
        ({"kind": "nonsense"}, 422, "no_file"),
        ({"file": ""}, 422, "no_file"),
        ({"file": sent(body=b"x" * (5 * 1024 * 1024 + 1))}, 413, "too_big"),
        (
            {"kind": "document", "file": sent("a.txt", b"x" * (25 * 1024 * 1024 + 1))},
            413,
            "too_big",
        ),
    ],
)
def test_what_cannot_be_taken(web: Inbox, form: dict[str, Any], status: int, code: str) -> None:
    answer = bring(web, **form)
    assert (answer.status_code, said(answer)["code"]) == (status, code)
    assert said(answer)["detail"].endswith(".")
    assert not Upload.objects.exists()


def test_a_kind_the_channel_does_not_take(web: Inbox) -> None:
    MediaRule.objects.filter(rule_set=web.media_rules, kind="image").update(is_allowed=False)
    answer = bring(web)
    assert (answer.status_code, said(answer)["code"]) == (415, "kind_not_taken")


@pytest.mark.parametrize("token", ["", "short", "x" * 44, "ñ" * 43])
def test_without_a_token_there_is_nobody(web: Inbox, token: str) -> None:
    answer = bring(web, token=token.encode().decode("latin-1"))
    assert (answer.status_code, said(answer)["code"]) == (401, "no_token")
    assert not Contact.objects.exists()


def test_the_form_comes_first(web: Inbox) -> None:
    FormField.objects.create(inbox=web, label="Name", kind="name", position=0, is_required=True)
    answer = bring(web)
    assert (answer.status_code, said(answer)["code"]) == (403, "form_first")
    assert not Contact.objects.exists()


def test_who_is_blocked_brings_nothing(web: Inbox, ana: Agent) -> None:
    bring(web)
    blocking.block(agent=ana, contact=Contact.objects.get())
    answer = bring(web)
    assert (answer.status_code, said(answer)["code"]) == (403, "blocked")


def test_so_many_a_day_and_no_more(web: Inbox, settings: Any) -> None:
    settings.QUOTA_VISITOR_FILES = 2
    assert [bring(web).status_code for _ in range(3)] == [201, 201, 413]
    assert bring(web, OTHER).status_code == 201
    settings.QUOTA_VISITOR_FILES = 100
    settings.QUOTA_VISITOR_BYTES = 3 * len(png()) - 1
    assert said(bring(web))["code"] == "quota"


def test_so_many_a_minute_and_no_more(web: Inbox, settings: Any) -> None:
    settings.LIMIT_UPLOADS_PER_MINUTE = 2
    token = visitors.new_token()
    assert [bring(web, token).status_code for _ in range(3)] == [201, 201, 429]


def test_another_visitor_and_another_channel_see_nothing(web: Inbox) -> None:
    told = said(bring(web))
    bring(web, OTHER)
    second, clinic = make_inbox(web.campaign), make_project("Clínica Parque").inboxes.get()
    filing.inspect(uuid.UUID(told["id"]))
    for inbox, token in ((web, OTHER), (second, TOKEN), (clinic, TOKEN), (web, "")):
        for method in ("get", "delete"):
            answer = ask(inbox, told["id"], token, method)
            assert answer.status_code == (404 if token else 401)
    assert ask(web, uuid.uuid4()).status_code == 404
    assert Upload.objects.filter(pk=told["id"]).exists()


def test_taken_back_before_it_was_sent(web: Inbox) -> None:
    told = said(bring(web))
    assert ask(web, told["id"], method="delete").status_code == 204
    assert ask(web, told["id"]).status_code == 404
    assert not Upload.objects.exists()


def test_pages_of_the_inboxes_own_sites_may_ask(web: Inbox) -> None:
    web.origins = ["https://shop.example"]
    web.save()
    page, own = f"/webchat/{web.key}/uploads/", {"Origin": "https://shop.example"}
    answer = Client().options(page, headers=own)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
    stranger = Client().options(page, headers={"Origin": "https://evil.test"})
    assert "Access-Control-Allow-Origin" not in stranger.headers


async def visit(inbox: Inbox, token: str | None = None) -> tuple[Line, dict[str, Any]]:
    line = webchat(inbox)
    await line.connect()
    return line, await line.hello(token=token)


async def brought(inbox: Inbox, token: str, **form: Any) -> str:
    return str(said(await sync_to_async(bring)(inbox, token, **form))["id"])


async def inspect(upload_id: str) -> None:
    assert await sync_to_async(filing.inspect)(uuid.UUID(upload_id))


async def test_it_goes_with_a_message_and_its_verdict_follows(web: Inbox, ana: Agent) -> None:
    await sync_to_async(ready)(ana)
    desk = await console(ana)
    await desk.connect()
    line, welcome = await visit(web)
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
    _line, again = await visit(web, welcome["token"])
    assert again["messages"][0]["files"][0]["state"] == "ready"
    await line.disconnect()
    await desk.disconnect()


async def test_one_that_is_not_sent_yet_follows_too(web: Inbox) -> None:
    line, welcome = await visit(web)
    await line.write("Hello")
    upload_id = await brought(web, welcome["token"])
    await inspect(upload_id)
    told = (await line.hear("upload"))["file"]
    assert (told["id"], told["state"]) == (upload_id, "ready")
    await line.disconnect()


async def test_a_file_may_be_the_first_thing_somebody_says(web: Inbox) -> None:
    line, welcome = await visit(web)
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
    line, _welcome = await visit(web)
    name = str(uuid.uuid4())
    await line.say(type="message", id=name, text="Hello", uploads=uploads)
    problem = await line.hear("error")
    assert problem["id"] == name
    assert problem["code"] in {"bad_uploads", "too_many_files"}
    assert not await Message.objects.aexists()
    await line.disconnect()


async def test_another_visitors_file_and_one_of_another_channel_do_not_go(web: Inbox) -> None:
    second = await sync_to_async(lambda: make_inbox(web.campaign))()
    line, welcome = await visit(web)
    theirs = await brought(web, OTHER)
    elsewhere = await brought(second, welcome["token"])
    for upload_id in (theirs, elsewhere):
        await line.say(type="message", id=str(uuid.uuid4()), text="x", uploads=[upload_id])
        assert (await line.hear("error"))["code"] == "bad_uploads"
    assert not await Message.objects.aexists()
    await line.disconnect()


async def test_each_goes_once_and_a_refused_one_never(web: Inbox) -> None:
    line, welcome = await visit(web)
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
