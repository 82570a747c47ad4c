"""Ana's own page: how she likes the console, a new password (in front of the running product)."""

import pytest
from playwright.sync_api import expect

from contactcenter.testing import PASSWORD, arrivals, make_agent, make_project
from contactcenter.tests.browsers import DESKTOP, PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

NEW = "twelve purple lanterns"
DARK, LIGHT = "rgb(19, 18, 16)", "rgb(244, 242, 238)"
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def open_profile(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Account: Ana").click()
    desk.page.get_by_role("link", name="Your profile").click()
    expect(desk.page.get_by_role("heading", name="Your profile")).to_be_visible()


def test_language_and_theme_change_here_and_in_every_open_console(
    desk: Desk, web: Inbox, stack: Stack
) -> None:
    (lucia,) = arrivals(web, 1)
    other = Desk(desk.page.context, stack.other_url, desk.agent)  # of another web process
    other.page.goto(desk.page.url.replace(stack.url, stack.other_url))
    other.wait_for_line()
    other.open(lucia)
    other.page.locator("#thread textarea").fill("half a sentence")
    open_profile(desk)
    page = desk.page
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    assert page.evaluate(BACKGROUND) == DARK
    expect(other.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert other.page.evaluate(BACKGROUND) == DARK
    page.get_by_label("Español").check()
    page.get_by_label("Light").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Tu perfil")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Guardado.")).to_be_visible()
    expect(other.page.get_by_role("button", name="Finalizar conversación")).to_be_visible()
    expect(other.page.locator("#thread textarea")).to_have_value("half a sentence")
    assert other.page.evaluate(BACKGROUND) == LIGHT
    assert desk.complaints == []


def test_the_theme_is_there_before_the_first_paint(stack: Stack, someone: NewContext) -> None:
    """Without script, too: the server says it."""
    ana = make_agent(make_project(), "Ana", theme="dark")
    desk = Desk(someone(java_script_enabled=False, color_scheme="light"), stack.url, ana)
    page = desk.page
    page.goto(f"{stack.url}/login/?next=/p/{ana.project.slug}/profile/")
    page.fill("#id_username", ana.user.username)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/profile/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_label("As the device").check()  # the form works without script
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert page.locator("html").get_attribute("data-theme") is None


def test_what_is_switched_here_holds_in_the_console_at_once(desk: Desk, stack: Stack) -> None:
    page = desk.page.context.new_page()
    page.goto(f"{stack.url}/p/{desk.agent.project.slug}/profile/")
    sound = page.get_by_label("Sound when something arrives")
    expect(sound).to_be_checked()
    sound.uncheck()
    expect(desk.page.get_by_role("button", name="Sound off")).to_be_visible()
    desk.page.get_by_role("button", name="Sound off").click()
    expect(sound).to_be_checked()
    expect(page.get_by_role("button", name="Hear the sound")).to_be_visible()


def test_a_new_password_keeps_this_browser_and_ends_the_others(
    desk: Desk, stack: Stack, someone: NewContext
) -> None:
    elsewhere = Desk(someone(), stack.url, desk.agent).sign_in()
    own_tab = Desk(desk.page.context, stack.url, desk.agent)
    own_tab.page.goto(desk.page.url)
    own_tab.wait_for_line()
    open_profile(desk)
    page = desk.page

    def change(old: str, new: str, again: str) -> None:
        page.get_by_label("Present password").fill(old)
        page.get_by_label("New password").fill(new)
        page.get_by_label("The same again").fill(again)
        page.get_by_role("button", name="Set the password").click()

    change("guessed", NEW, NEW)
    expect(page.get_by_role("alert")).to_contain_text("old password was entered incorrectly")
    expect(page.get_by_label("Present password")).to_be_focused()
    assert desk.axe() == [] and desk.overflow() == 0
    change(PASSWORD, "short", "short")
    expect(page.get_by_role("alert")).to_contain_text("too short")
    change(PASSWORD, NEW, NEW)
    expect(page.get_by_role("status").filter(has_text="Your password was changed.")).to_be_visible()
    elsewhere.page.wait_for_url("**/login/**")
    own_tab.wait_for_line()  # it came back by itself, and Ana still takes conversations
    expect(own_tab.page.locator("#availability")).to_have_attribute("data-s", "on")
    elsewhere.sign_in(NEW)


@pytest.mark.parametrize(
    ("viewport", "scheme", "language"),
    [
        pytest.param(DESKTOP, "light", "en", id="1440-light-en"),
        pytest.param(PHONE, "dark", "es", id="390-dark-es"),
        pytest.param({"width": 320, "height": 640}, "light", "es", id="320-light-es"),
    ],
)
def test_the_page_is_fine_everywhere(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    ana = make_agent(make_project(), "Ana", language=language)
    context = someone(viewport=viewport, color_scheme=scheme)
    desk = Desk(context, stack.url, ana).sign_in()
    desk.page.goto(f"{stack.url}/p/{ana.project.slug}/profile/")
    assert desk.complaints == []
    assert desk.axe() == [] and desk.overflow() == 0
    for target in desk.page.get_by_role("button").all():
        box = target.bounding_box()
        assert box and box["height"] >= (44 if viewport["width"] < 720 else 24)
