"""The customer's pages: only an inbox's own sites may frame its chat."""

import re

import pytest
from django.test import Client

from conversations.models import Inbox

pytestmark = pytest.mark.django_db


def framers(answer) -> str:
    policy = answer.headers["Content-Security-Policy"]
    return next(p.strip() for p in policy.split(";") if p.strip().startswith("frame-ancestors"))


def test_only_the_inboxs_sites_may_frame_it(web: Inbox) -> None:
    Inbox.objects.filter(pk=web.pk).update(origins=["https://shop.example"])
    answer = Client().get(f"/webchat/{web.key}/")
    assert framers(answer) == "frame-ancestors 'self' https://shop.example"
    assert "X-Frame-Options" not in answer.headers
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_without_a_list_only_our_own_pages_may(web: Inbox) -> None:
    assert framers(Client().get(f"/webchat/{web.key}/")) == "frame-ancestors 'self'"


@pytest.mark.parametrize("kind", [Inbox.Kind.WHATSAPP, Inbox.Kind.API])
def test_another_kind_an_unknown_key_and_a_closed_one_look_the_same(web: Inbox, kind: str) -> None:
    Inbox.objects.filter(pk=web.pk).update(kind=kind)
    closed = Inbox.objects.create(
        project=web.project,
        campaign=web.campaign,
        media_rules=web.media_rules,
        key="closed",
        name="x",
        is_active=False,
    )
    answers = [Client().get(f"/webchat/{key}/") for key in (web.key, closed.key, "nowhere")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_the_chat_speaks_to_nobody_the_inbox_does_not_know(web: Inbox) -> None:
    Inbox.objects.filter(pk=web.pk).update(origins=["https://shop.example"])
    page = f"/webchat/{web.key}/?origin="
    assert 'data-host="https://shop.example"' in Client().get(page + "https://shop.example").text
    for stranger in ("https://evil.test", "javascript:alert(1)", "https://shop.example.evil.test"):
        assert 'data-host=""' in Client().get(page + stranger).text


@pytest.mark.parametrize(
    ("query", "browser", "language"),
    [
        ("", "es-MX,es;q=0.9", "es"),
        ("?lang=en", "es", "en"),
        ("?lang=xx", "en", "en"),
        ("", "fr", "en"),
    ],
)
def test_the_language_is_the_sites_else_the_browsers(
    web: Inbox, query: str, browser: str, language: str
) -> None:
    answer = Client().get(f"/webchat/{web.key}/{query}", headers={"accept-language": browser})
    assert f'<html lang="{language}"' in answer.text


def test_the_loader_may_be_fetched_from_anywhere_and_is_the_same_for_all(web: Inbox) -> None:
    answer = Client().get(f"/webchat/{web.key}/loader.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert web.key not in answer.text
    assert Client().get("/webchat/nowhere/loader.js").status_code == 404


def test_a_name_and_a_title_with_html_are_text(web: Inbox) -> None:
    Inbox.objects.filter(pk=web.pk).update(title='<script>alert("x")</script> 🌷')
    assert "<script>alert" not in Client().get(f"/webchat/{web.key}/").text


def test_the_page_has_all_its_words_and_nothing_inline(web: Inbox) -> None:
    """The script makes no sentence and no markup of its own; the CSP allows none."""
    page = Client().get(f"/webchat/{web.key}/?lang=es").text
    assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page) == []
    parts = set(re.findall(r'<template data-part="(\w+)"', page))
    assert parts == {"field", "message", "system", "separator", "joined", "chip"}
    labels = re.findall(r'(?:aria-labelledby|aria-describedby|for)="([\w-]+)"', page)
    assert labels and all(f'id="{label}"' in page for label in labels)
