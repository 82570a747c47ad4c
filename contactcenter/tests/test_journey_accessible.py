"""axe finds nothing, and nothing is wider than the window, on every page of the agents' and in
every state. The customers': test_journey_accessible_chat.py."""

import re
import uuid
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ViewportSize, expect

from agents import recovery
from agents.models import Agent
from contactcenter.testing import (
    PASSWORD,
    arrivals,
    make_agent,
    make_customer,
    make_project,
    write,
)
from contactcenter.tests.browsers import DESKTOP, PHONE, Desk, Watched
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Conversation

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

NARROW = ViewportSize(width=320, height=640)
LOOKS = [
    pytest.param(DESKTOP, "light", "en", id="1440-light-en"),
    pytest.param(PHONE, "dark", "es", id="390-dark-es"),  # and each state at 320, by day
]


def assert_fine(watched: Watched, where: str) -> None:
    assert watched.fine() == [], where
    page = watched.page
    if page.viewport_size == PHONE:
        page.set_viewport_size(NARROW)
        page.emulate_media(color_scheme="light")
        assert watched.fine() == [], f"{where}, 320 px wide by day"
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="dark")


@pytest.mark.parametrize(("viewport", "scheme", "language"), LOOKS)
def test_the_agents_pages(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    shop, other = make_project(), make_project("Viajes Lago")
    ana = make_agent(shop, "Ana", language=language)
    Agent.objects.create(user=ana.user, project=other, language=language)
    context = someone(viewport=viewport, color_scheme=scheme, locale=language)
    desk = Desk(context, stack.url, ana)
    desk.page.goto(f"{stack.url}/login/")
    assert_fine(desk, "sign in")
    check_recovery(desk, stack.url)
    desk.page.fill("#id_username", ana.user.username)
    desk.page.fill("#id_password", "wrong")
    desk.page.press("#id_password", "Enter")
    expect(desk.page.get_by_role("alert")).to_be_visible()
    assert_fine(desk, "sign in, refused")
    desk.page.fill("#id_password", "correct horse battery staple")
    desk.page.press("#id_password", "Enter")
    desk.page.wait_for_url("**/projects/")
    assert_fine(desk, "projects")


def check_recovery(desk: Desk, url: str) -> None:
    """From the sign-in page through every page of a recovery, and back."""
    path = urlsplit(recovery.link_for(desk.agent.user)).path
    desk.page.locator(".lrow a").click()
    desk.page.wait_for_url("**/login/recover/")
    assert_fine(desk, "recover")
    desk.page.fill("#id_username", "nobody")
    desk.page.press("#id_username", "Enter")
    desk.page.wait_for_url("**/sent/")
    assert_fine(desk, "recover, sent")
    desk.page.goto(url + path[:-2] + "/")
    expect(desk.page.locator("form input.input")).to_have_count(0)
    assert_fine(desk, "recover, a link that does not work")
    desk.page.goto(url + path)
    assert_fine(desk, "new password")
    for password in ("short", PASSWORD):
        desk.page.fill("#id_new_password1", password)
        desk.page.fill("#id_new_password2", PASSWORD)
        desk.page.press("#id_new_password2", "Enter")
        if password == "short":
            expect(desk.page.get_by_role("alert")).to_be_visible()
            assert_fine(desk, "new password, refused")
    expect(desk.page.get_by_role("status")).to_be_visible()
    assert_fine(desk, "sign in, recovered")


@pytest.mark.parametrize(("viewport", "scheme", "language"), LOOKS)
def test_every_state_of_the_console(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    shop = make_project()
    ana = make_agent(shop, "Ana", language=language)
    desk = Desk(someone(viewport=viewport, color_scheme=scheme), stack.url, ana).sign_in()
    page, web = desk.page, shop.inboxes.get()
    page.locator("[data-about=queued] button").focus()
    expect(page.locator("#about-queued")).to_be_visible()
    assert_fine(desk, "a figure explained, no row")
    desk.accept()
    lucia = make_customer(web, "Lucía " + "Wolfeschlegelstein" * 5)
    for n in range(1, 26):
        conversation = write(
            web, lucia, f"Number {n}, https://shop.example/{'x' * 80}"
        ).conversation
    arrivals(web, 1)
    expect(desk.rows()).to_have_count(2)
    page.locator("[data-filter] input").fill("nobody of that name")
    assert_fine(desk, "nobody matches")
    page.locator("[data-clear]").click()
    assert_fine(desk, "rows")
    desk.open(conversation)
    check_reading(desk)
    check_writing(desk)
    desk.end()
    page.goto(f"{stack.url}{conversation.get_absolute_url()}")
    expect(page.locator(".composer.closed")).to_be_visible()
    assert_fine(desk, "ended, to be read")
    page.goto(f"{stack.url}/p/{shop.slug}/c/{uuid.uuid4()}/")
    assert_fine(desk, "nothing here")


def check_reading(desk: Desk) -> None:
    """20 messages, all of them, and scrolled up when more come."""
    page, log = desk.page, desk.page.locator("message-log")
    assert_fine(desk, "thread of 20")
    page.locator("[data-older]").click()
    expect(desk.bubble("Number 1,")).to_be_attached()
    log.evaluate("log => (log.scrollTop = -400)")
    pill = page.locator("[data-newer]")
    expect(pill).to_be_visible()
    conversation = Conversation.objects.get(pk=log.get_attribute("data-conversation"))
    write(conversation.inbox, conversation.identity, "Are you there?")
    expect(pill).to_have_class(re.compile("primary"))
    assert_fine(desk, "thread of 25, scrolled up")
    pill.click()


def check_writing(desk: Desk) -> None:
    """The clip's menu, a message that was refused, the line lost, the ending."""
    page, context = desk.page, desk.page.context
    page.get_by_test_id("attach").click()
    assert_fine(desk, "attach")
    page.keyboard.press("Escape")
    page.locator("#thread textarea").fill("x" * 4097)
    assert_fine(desk, "too long")
    cookies = context.cookies()
    context.clear_cookies(name="csrftoken")
    desk.answer("please")
    expect(page.locator(".msg.failed")).to_be_visible()
    assert_fine(desk, "refused")
    context.add_cookies(cookies)  # type: ignore[arg-type]
    context.set_offline(True)
    desk.answer("while offline")
    expect(page.locator("line-banner [data-state=offline]")).to_be_visible()
    expect(page.locator(".msg.pending")).to_be_visible()
    assert_fine(desk, "offline")
    context.set_offline(False)
    expect(desk.bubble("while offline")).to_have_attribute("data-seq", re.compile(r"\d+"))
    desk.wait_for_line()
    page.get_by_test_id("end").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_fine(desk, "ending")
    page.keyboard.press("Escape")
