"""R71: pictures, PDF and Office documents go both ways between two agents, in Spanish; anything
else is refused with the list of what is allowed."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from contactcenter.testing import make_project
from contactcenter.tests import sending
from contactcenter.tests.browsers import DESKTOP, PHONE
from contactcenter.tests.colleagues import Colleague, two, written
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from internalchat.models import DirectChat, PostFile
from internalchat.tests.papers import OFFICE

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

ALLOWED = re.compile("JPG.*PNG.*PDF.*Word.*Excel.*PowerPoint")


def clip(one: Colleague, kind: str) -> Locator:
    one.page.get_by_test_id("attach").click()
    return one.page.locator(f"[role=menuitem][data-kind={kind}]")


def send(one: Colleague, kind: str, *files: FilePayload, caption: str = "") -> None:
    """By the clip; until it is stored."""
    clip(one, kind).click()
    expect(sending.dialog(one)).to_be_visible()
    chosen = sending.choose(one, *files)
    for line in chosen.all():
        sending.expect_state(line, "ready")
    sending.dialog(one).locator("[name=text]").fill(caption)
    sending.dialog(one).locator("[type=submit]").click()
    expect(sending.dialog(one)).to_be_hidden()
    newest = one.page.locator("#thread .msg").last
    expect(newest).to_have_attribute("data-seq", re.compile(r"\d+"))


def paper(name: str) -> FilePayload:
    return sending.file(name, OFFICE[f"a.{name.rpartition('.')[2]}"](), "application/octet-stream")


def test_r71_pictures_pdf_and_office_both_ways_and_nothing_else(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ana, bruno = two(stack, someone, shop, viewport=DESKTOP)
    ana.unfold()
    ana.write_to(bruno.agent)
    assert not DirectChat.objects.filter(project=shop).exists()
    send(ana, "image", sending.jpg(), caption="La pantalla rota")  # and with it the chat begins
    chat = str(DirectChat.objects.get(project=shop).pk)
    bruno.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    bruno.unfold()
    bruno.open_chat(chat)
    picture = sending.shown(bruno.page, "image")
    assert sending.loaded(picture) > 0
    expect(bruno.bubble("La pantalla rota")).to_have_class(re.compile(r"\bin\b"))
    picture.locator("a").click()
    expect(bruno.page.get_by_role("dialog").locator("[data-picture]")).to_be_visible()
    assert bruno.fine() == [], "a picture of a colleague, large"
    bruno.page.keyboard.press("Escape")

    # and back, from a phone: five papers in one message, each byte as it was
    papers = [sending.paper("factura.pdf"), *map(paper, ("a.docx", "b.xlsx", "c.pptx", "d.doc"))]
    send(bruno, "document", *papers)
    there = ana.page.locator("#thread .msg.in .file.document[data-state=ready]")
    expect(there).to_have_count(len(papers), timeout=sending.CHECKED)
    for figure, each in zip(there.all(), papers, strict=True):
        expect(figure).to_contain_text(each["name"])
        assert sending.whole(ana.page, figure) == each["buffer"]
    assert ana.fine() == [], "papers of a colleague"
    expect(ana.page.locator("#direct-chats .last")).to_contain_text("factura.pdf")

    # a film: the menu says why not, a drop says what is taken, and nothing is sent
    video = clip(ana, "video")
    expect(video).to_have_attribute("aria-disabled", "true")
    expect(video).to_have_text(ALLOWED)
    ana.page.keyboard.press("Escape")
    sending.drop(ana.page, "#thread", sending.film())
    expect(ana.page.locator("toast-stack")).to_have_text(ALLOWED)
    expect(sending.dialog(ana)).to_be_hidden()

    # what only pretends: a cross on its line
    clip(ana, "document").click()
    line = sending.choose(ana, sending.file("factura.pdf", b"MZ" + b"\0" * 400))
    sending.expect_state(line, "refused")
    expect(sending.dialog(ana).locator("[type=submit]")).to_be_disabled()
    assert ana.fine() == [], "a refused file"
    ana.page.keyboard.press("Escape")
    expect(sending.dialog(ana)).to_be_hidden()
    ana.page.get_by_test_id("attach").wait_for()

    # the line is lost in between: it goes out by itself, once
    sending.paste(ana.page, "#thread textarea", sending.file("otra.png", sending.png_body()))
    sending.expect_state(sending.lines(ana), "ready")
    ana.page.context.set_offline(True)
    sending.dialog(ana).locator("[type=submit]").click()
    expect(ana.page.locator("#thread .msg.pending")).to_contain_text("otra.png")
    ana.page.context.set_offline(False)
    expect(bruno.page.locator("#thread .msg.in .file.image")).to_have_count(
        2, timeout=sending.CHECKED
    )
    assert [who for who, _text in written(shop)] == ["Ana", "Bruno", "Ana"]
    sent = PostFile.objects.filter(message__chat=chat)
    assert sent.count() == 7 and not PostFile.objects.filter(agent=ana.agent, message=None).exists()
    assert bruno.complaints == []
    assert ana.overflow() == bruno.overflow() == 0
