"""Every state of a note, and the form without a script."""

import pytest
from playwright.sync_api import expect

from contactcenter.testing import (
    arrivals,
    make_agent,
    make_project,
)
from contactcenter.tests.browsers import DESKTOP, PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.lending import page_of
from contactcenter.tests.note_taking import add_note, answers, store
from contactcenter.tests.stack import Stack
from contactcenter.tests.test_journey_accessible import assert_fine
from conversations.models import Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


@pytest.mark.parametrize(
    ("viewport", "scheme", "language"),
    [
        pytest.param(DESKTOP, "light", "en", id="1440-light-en"),
        pytest.param(PHONE, "dark", "es", id="390-dark-es"),
    ],
)
def test_every_state_of_notes_is_accessible_and_fits(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    shop = make_project()
    ana = make_agent(shop, "Ana", language=language)
    bruno = make_agent(shop, "Bruno " + "Wolfeschlegelstein" * 3)
    desk = Desk(someone(viewport=viewport, color_scheme=scheme), stack.url, ana).sign_in()
    page = desk.page
    desk.accept()
    (conversation,) = arrivals(shop.inboxes.get(), 1)
    desk.open(conversation)
    store(bruno, conversation, f"@Ana https://shop.example/{'x' * 90}", on_contact=True)
    expect(page.locator("#thread .note")).to_have_count(1)
    assert_fine(desk, "a colleague's note, a mention")
    modes = page.locator(".modes button")
    assert viewport != PHONE or all(m.bounding_box()["height"] >= 44 for m in modes.all())
    modes.last.click()
    assert_fine(desk, "note mode")
    page.keyboard.type("@b")
    expect(page.locator("#note-people")).to_be_visible()
    assert_fine(desk, "colleagues")
    page.keyboard.press("Escape")
    add_note(desk, "x" * 2000)
    expect(page.locator("#thread .note.mine:not(.pending)")).to_have_count(1)
    page.locator("#thread .note.mine summary").click()
    assert_fine(desk, "taking it back")
    page.route("**/notes/", lambda route: route.fulfill(status=403, body="no"))
    add_note(desk, "refused")
    expect(page.locator("#thread .note.failed")).to_be_visible()
    assert_fine(desk, "refused")
    if viewport == PHONE:
        page.locator(".details").click()
    expect(page.locator("#contact .noted").first).to_be_visible()
    assert_fine(desk, "beside the thread")
    page.goto(f"{stack.url}/p/{shop.slug}/mentions/")
    desk.wait_for_line()
    assert_fine(desk, "mentions")
    page.goto(f"{stack.url}/p/{shop.slug}/")
    desk.wait_for_line()
    assert page.locator("#mentioned").is_hidden()


def test_without_a_script_a_note_is_added_by_its_own_form(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    ana = make_agent(web.project, "Ana")
    desk = Desk(someone(), stack.url, ana).sign_in()
    desk.accept()
    (conversation,) = arrivals(web, 1)
    expect(desk.rows()).to_have_count(1)
    cookies = desk.page.context.cookies()
    plain = someone(java_script_enabled=False)
    plain.add_cookies(cookies)
    page = page_of(plain)
    page.goto(f"{stack.url}{conversation.get_absolute_url()}")
    page.locator("#note-text").fill("by hand")
    page.locator(".notebox button").click()
    expect(page.locator(".note")).to_contain_text("by hand")
    page.locator(".note summary").click()
    page.locator(".note").get_by_role("button", name="Remove note").click()
    expect(page.locator("#thread .note")).to_have_count(0)
    assert answers(conversation) == []
