"""axe finds nothing, and nothing is wider than the window, on every page of the agents' and in
every state. The customers': test_journey_accessible_chat.py."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from agents import recovery
from agents.models import Agent
from contactcenter.testing import PASSWORD, arrivals, make_agent, make_project, write
from contactcenter.tests.browsers import DESKTOP, PHONE, Desk, Watched
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

NARROW = {"width": 320, "height": 640}
LOOKS = [
    pytest.param(DESKTOP, "light", "en", id="1440-light-en"),
    pytest.param(PHONE, "dark", "es", id="390-dark-es"),
    pytest.param(NARROW, "light", "es", id="320-light-es"),
]


def assert_fine(watched: Watched, where: str) -> None:
    assert watched.axe() == [], where
    assert watched.overflow() == 0, where


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
    desk.page.goto(f"{stack.url}/p/{shop.slug}/")
    desk.wait_for_line()
    assert_fine(desk, "console, not available")
    desk.accept()
    (conversation,) = arrivals(shop.inboxes.get(), 1)
    write(shop.inboxes.get(), conversation.identity, "a " * 400 + "x" * 300)
    expect(desk.row(conversation)).to_be_visible()
    assert_fine(desk, "console with a row")
    desk.open(conversation)
    desk.answer("On its way")
    expect(desk.bubble("On its way")).to_have_attribute("data-seq", "3")
    assert_fine(desk, "thread")
    desk.page.get_by_test_id("end").click()
    expect(desk.page.get_by_role("dialog")).to_be_visible()
    assert_fine(desk, "ending")


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
