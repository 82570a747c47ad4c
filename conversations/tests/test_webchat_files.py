"""A customer's files over HTTP, with their token (R51)."""

import uuid
from typing import Any

import pytest
from django.test import Client

from agents.models import Agent
from contactcenter.testing import make_inbox, make_project
from conversations import blocking, filing
from conversations.models import Contact, FormField, Inbox
from conversations.tests.visitors_files import OTHER, TOKEN, ask, bring, said
from conversations.transports.webchat import visitors
from media.models import MediaRule, Upload
from media.tests.making import png, sent

pytestmark = pytest.mark.django_db(transaction=True)


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
