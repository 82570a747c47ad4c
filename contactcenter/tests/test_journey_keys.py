"""Every action has one key, which is a letter where one writes."""

import pytest
from playwright.sync_api import expect

from contactcenter.testing import called, make_project
from contactcenter.tests.browsers import Desk
from contactcenter.tests.stack import Stack
from conversations.models import Conversation, Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def opened(desk: Desk) -> str | None:
    return desk.page.locator("#thread").get_attribute("data-conversation")


def test_every_key_does_what_the_list_says(desk: Desk, web: Inbox) -> None:
    first, second, third = called(web, "Lucía", "Mateo", "Renata")
    page = desk.page
    expect(desk.rows()).to_have_count(3)
    box = page.locator("#thread textarea")

    def press(key: str, conversation: Conversation) -> None:
        page.keyboard.press(key)
        expect(page.locator("#thread")).to_have_attribute("data-conversation", str(conversation.pk))
        expect(box).to_be_focused()
        page.keyboard.press("Escape")
        expect(desk.row(conversation).locator("a")).to_be_focused()

    press("j", third)  # nothing open: the first
    press("j", second)
    press("k", third)
    press("n", first)  # the only new one
    press("2", second)
    page.keyboard.press("r")
    expect(box).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")  # while typing
    expect(page.locator("#thread")).to_have_attribute("data-conversation", str(first.pk))
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.locator("#contact")).to_be_hidden()
    page.keyboard.press("d")
    expect(page.locator("#contact")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("menu")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+A")
    expect(page.locator("#availability")).to_have_attribute("data-s", "off")
    page.keyboard.press("Escape")
    for key in ("x", "7", "Shift+E", "i"):  # nothing of that name is here
        page.keyboard.press(key)
    assert opened(desk) == str(first.pk)
    assert desk.complaints == []


def test_keys_are_letters_in_fields_and_nothing_under_a_dialog(desk: Desk, web: Inbox) -> None:
    first, _second = called(web, "Lucía", "Mateo")
    desk.open(first)
    page, box = desk.page, desk.page.locator("#thread textarea")
    every = "jknreda?A12/"
    box.press_sequentially(every)
    expect(box).to_have_value(every)
    finder = page.get_by_label("Filter by name or ID")
    finder.press_sequentially("ke")
    expect(finder).to_have_value("ke")
    finder.fill("")
    page.locator("[data-keys]").click()
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    for key in ("j", "e", "Shift+A", "2", "Control+k", "Alt+ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("dialog[open]")).to_have_count(1)
    expect(page.locator("#availability")).to_have_attribute("data-s", "on")
    assert opened(desk) == str(first.pk)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-keys]")).to_be_focused()
    box.fill("")


def test_single_keys_can_be_switched_off_here_and_in_the_profile(
    desk: Desk, web: Inbox, stack: Stack
) -> None:
    first, second = called(web, "Lucía", "Mateo")
    page = desk.page
    page.keyboard.press("?")
    switch = page.get_by_label("Use single-key shortcuts")
    switch.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    assert opened(desk) is None
    page.keyboard.press("Alt+ArrowDown")  # not a single key
    expect(page.locator("#thread")).to_have_attribute("data-conversation", str(second.pk))
    other = page.context.new_page()
    other.goto(f"{stack.url}/p/{web.project.slug}/profile/")
    there = other.get_by_label("Use single-key shortcuts")
    expect(there).not_to_be_checked()
    there.check()
    other.close()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("#thread")).to_have_attribute("data-conversation", str(first.pk))
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(switch).to_be_checked()


def test_each_row_names_the_digit_that_opens_it(desk: Desk, web: Inbox) -> None:
    called(web, "Lucía", "Mateo", "Renata")
    expect(desk.rows()).to_have_count(3)
    links = desk.page.locator("#items a.item")
    for n in range(3):
        expect(links.nth(n)).to_have_attribute("aria-keyshortcuts", str(n + 1))
    desk.page.get_by_label("Filter by name or ID").fill("mateo")
    expect(links.nth(1)).to_have_attribute("aria-keyshortcuts", "1")  # the only one shown
    for hidden in (0, 2):
        assert links.nth(hidden).get_attribute("aria-keyshortcuts") is None
    named = desk.page.locator("[aria-keyshortcuts]").evaluate_all(
        "all => all.filter(e => !e.closest('[hidden]')).map(e => e.ariaKeyShortcuts"
        " ?? e.getAttribute('aria-keyshortcuts'))"
    )
    assert len(named) == len(set(named))  # no two controls claim one key
