"""axe finds nothing, and nothing is wider than the window, on every page and in every state."""

import pytest
from playwright.sync_api import expect

from agents.models import Agent
from contactcenter.testing import arrivals, make_agent, make_project, write
from contactcenter.tests.browsers import DESKTOP, PHONE, Chat, Desk, Watched
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


@pytest.mark.parametrize(("viewport", "scheme", "language"), LOOKS)
def test_the_customers_page(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    shop = make_project()
    context = someone(viewport=viewport, color_scheme=scheme)
    chat = Chat(context, stack.url, shop.inboxes.get(), language)
    assert_fine(chat, "empty")
    chat.write("Where is my lamp? " + "x" * 300)
    expect(chat.page.locator("queue-card")).to_be_visible()
    assert_fine(chat, "waiting")
    chat.page.goto(f"{stack.url}/webchat/no-such-chat/")
    assert_fine(chat, "no such chat")
