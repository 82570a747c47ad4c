"""axe finds nothing, and nothing is wider than the window, in every state of a file."""

import re

import pytest
from playwright.sync_api import expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import make_agent, make_project
from contactcenter.tests import sending
from contactcenter.tests.browsers import DESKTOP, PHONE, Chat, Desk, Watched
from contactcenter.tests.chatting import conversation_of
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from faults.proxy import Proxy
from media.tests.making import noise

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed"), pytest.mark.whole_browser]
LOOKS = [
    pytest.param(DESKTOP, "light", "en", id="1440-light-en"),
    pytest.param(PHONE, "dark", "es", id="390-dark-es"),
]
KINDS = ["image", "video", "document", "audio"]


def assert_fine(watched: Watched, where: str) -> None:
    assert watched.fine() == [], where


@pytest.mark.parametrize(("viewport", "scheme", "language"), LOOKS)
def test_every_state_of_a_file(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    web = make_project().inboxes.get()
    look = {"viewport": viewport, "color_scheme": scheme, "permissions": ["microphone"]}
    with Proxy("to the web", ("127.0.0.1", stack.ports[0])) as line:
        url = f"http://localhost:{line.port}"
        ana = make_agent(web.project, "Ana", language=language)
        desk = Desk(someone(**look), url, ana).sign_in()
        desk.accept()
        chat = Chat(someone(**look), url, web, language)
        chat.write("Hello")
        desk.open(conversation_of(web))
        check_choosing(desk, line)
        check_dialog(desk)
        check_tray(chat, line)
        check_thread(desk, chat)
        check_recording(desk, chat)


def box_of(desk: Desk, kind: str) -> None:
    desk.page.get_by_test_id("attach").click()
    desk.page.locator(f"[role=menuitem][data-kind={kind}]").click()
    expect(sending.dialog(desk)).to_be_visible()


def check_choosing(desk: Desk, line: Proxy) -> None:
    """Each box; on its way, and with the line lost."""
    for kind in KINDS:
        box_of(desk, kind)
        assert_fine(desk, f"box, {kind}")
        desk.page.keyboard.press("Escape")
    box_of(desk, "image")
    line.mode(way="up", rate=200_000)
    chosen = sending.choose(desk, sending.file("heavy.png", noise(600)), sending.jpg())
    wait_until(lambda: chosen.first.locator("progress").evaluate("bar => bar.value") > 5, 30)
    assert_fine(desk, "going up, and waiting")
    line.mode("reset")
    sending.expect_state(chosen.first, "lost")
    assert_fine(desk, "line lost")
    line.mode()
    for each in chosen.all():
        sending.expect_state(each, "ready")
    assert_fine(desk, "two are ready")
    desk.wait_for_line()
    desk.page.keyboard.press("Escape")
    assert_fine(desk, "discard?")
    sending.dialog(desk).locator("[data-discard]").click()


def check_dialog(desk: Desk) -> None:
    """Each kind ready, one refused, one by one; then sent."""
    for kind, file in zip(KINDS, sending.of_each_kind().values(), strict=True):
        box_of(desk, kind)
        bad = sending.file("name.mp3", b"This is a text with a long line. " * 9)
        chosen = sending.choose(desk, bad if kind != "document" else sending.jpg())
        sending.expect_state(chosen, "refused")
        assert_fine(desk, f"refused, {kind}")
        sending.choose(desk, file)
        sending.expect_state(chosen.last, "ready")
        chosen.first.locator("[data-remove]").click()
        expect(chosen).to_have_count(1)
        assert_fine(desk, f"ready, {kind}")
        sending.dialog(desk).locator("[type=submit]").click()
        expect(sending.dialog(desk)).to_be_hidden()


def check_tray(chat: Chat, line: Proxy) -> None:
    line.mode(way="up", rate=200_000)
    chips = sending.put(chat, sending.file("heavy.png", noise(600)))
    wait_until(lambda: chips.first.locator("progress").evaluate("bar => bar.value") > 5, 30)
    assert_fine(chat, "going up")
    line.mode("reset")
    expect(chips.first).to_have_attribute("data-state", "lost", timeout=20_000)
    assert_fine(chat, "line lost")
    line.mode()
    files = sending.of_each_kind().values()
    sending.put(chat, *files, sending.file("a.png", b"This is a text.\n"))
    expect(chips.last).to_have_attribute("data-state", "refused", timeout=sending.CHECKED)
    for chip in chips.all()[:-1]:
        expect(chip).to_have_attribute("data-state", "ready", timeout=sending.CHECKED)
    assert_fine(chat, "a full tray")
    chips.last.get_by_role("button", name=re.compile("a.png")).click()
    chat.write("All of it")


def check_thread(desk: Desk, chat: Chat) -> None:
    for watched in (desk, chat):
        expect(watched.page.locator('.msg .file[data-state="ready"]')).to_have_count(9)
        for kind in ("Image", "Video", "Audio"):
            sending.shown(watched.page, kind)
        assert_fine(watched, "in the thread")
        picture = watched.page.locator(".msg a[data-lightbox]").last
        picture.scroll_into_view_if_needed()
        picture.click()
        expect(watched.page.locator("dialog.lightbox")).to_be_visible()
        assert_fine(watched, "lightbox")
        watched.page.keyboard.press("Escape")


def check_recording(desk: Desk, chat: Chat) -> None:
    for watched in (desk, chat):
        watched.page.locator("voice-note [data-record]").click()
        expect(watched.page.get_by_role("timer")).to_be_visible()
        assert_fine(watched, "recording")
        watched.page.keyboard.press("Escape")
