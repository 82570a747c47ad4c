"""Keys, the palette and the focus: whatever arrives, the hands stay where they are."""

import re

import pytest
from playwright.sync_api import Page, expect

from contactcenter.testing import make_agent, make_customer, make_project, order_status, write
from contactcenter.tests.browsers import PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import broadcasts, closing, staffing
from conversations.models import Conversation, Identity, Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

FOCUSED = "document.activeElement.closest('[id]').id"


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def called(web: Inbox, *names: str) -> list[Conversation]:
    """Customers of these names, one after the other."""
    return [write(web, make_customer(web, name)).conversation for name in names]


def order(desk: Desk) -> list[str]:
    return [
        str(item.get_attribute("id")).removeprefix("conversation-") for item in desk.rows().all()
    ]


def opened(desk: Desk) -> str | None:
    return desk.page.locator("#thread").get_attribute("data-conversation")


def ask_anew(desk: Desk) -> None:
    """The whole screen comes again, as after a lost line."""
    with desk.page.expect_response(lambda answer: "/refresh/" in answer.url):
        broadcasts.ask_anew([desk.agent.pk])


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


def test_the_palette_finds_people_and_commands_by_keyboard(desk: Desk, web: Inbox) -> None:
    lucia, mateo, *_ = called(web, "Lucía Fernández", "Mateo Rojas", "Renata Coelho")
    desk.open(mateo)
    page, box = desk.page, desk.page.locator("#thread textarea")
    box.press_sequentially("half a sent")
    page.keyboard.press("Control+k")
    find = page.get_by_role("combobox", name="Search people and commands")
    expect(find).to_be_focused()
    options = page.get_by_role("option")
    expect(options.filter(has_text="Renata Coelho")).to_be_visible()
    expect(options.filter(has_text="End conversation")).to_have_count(1)
    find.press_sequentially("LUCIA fer")  # without accents, in any case
    expect(options).to_have_count(1)
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#thread")).to_have_attribute("data-conversation", str(lucia.pk))
    expect(box).to_be_focused()
    page.keyboard.press("Control+k")
    find.press_sequentially("zzz")
    expect(page.get_by_text("Nothing matches. Try another word.")).to_be_visible()
    page.keyboard.press("Enter")  # there is nothing to do
    page.keyboard.press("Escape")
    expect(box).to_be_focused()  # back where it was
    page.keyboard.press("Control+k")
    find.press_sequentially("stop")
    page.keyboard.press("Enter")
    expect(page.locator("#availability")).to_have_attribute("data-s", "off")
    desk.open(mateo)
    expect(box).to_have_value("half a sent")
    assert desk.complaints == []
    page.keyboard.press("Control+k")
    assert desk.axe() == []
    find.fill("zzz")
    assert desk.axe() == []


def test_a_row_that_changed_while_the_palette_was_open_opens_in_the_same_page(
    desk: Desk, web: Inbox
) -> None:
    lucia, _mateo = called(web, "Lucía", "Mateo")
    expect(desk.rows()).to_have_count(2)
    page = desk.page
    page.evaluate("() => { window.isTheSame = true }")
    page.keyboard.press("Control+k")
    page.keyboard.type("lucia")
    expect(page.get_by_role("option")).to_have_count(1)
    write(web, lucia.identity, "and one more thing")
    expect(desk.row(lucia)).to_contain_text("and one more thing")
    page.keyboard.press("Enter")
    expect(page.locator("#thread")).to_have_attribute("data-conversation", str(lucia.pk))
    expect(page.locator("#thread textarea")).to_be_focused()
    assert page.evaluate("window.isTheSame")


def test_the_arrows_walk_through_the_palette_and_around(desk: Desk, web: Inbox) -> None:
    called(web, "Lucía", "Mateo")
    expect(desk.rows()).to_have_count(2)
    page = desk.page
    page.keyboard.press("Control+k")
    find, options = page.get_by_role("combobox"), page.get_by_role("option")
    count = options.count()
    for key, at in (("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", count - 1), ("ArrowDown", 0)):
        page.keyboard.press(key)
        expect(options.nth(at)).to_have_attribute("aria-selected", "true")
        expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
        name = str(options.nth(at).get_attribute("id"))
        expect(find).to_have_attribute("aria-activedescendant", name)
    expect(find).to_be_focused()
    options.filter(has_text="Sign out").click()  # with two of them open
    expect(page.get_by_role("dialog", name="Before you go")).to_be_visible()


def test_on_the_phone_the_palette_opens_from_the_account(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    ana = make_agent(web.project, "Ana", language="es")
    desk = Desk(someone(viewport=PHONE, has_touch=True, color_scheme="dark"), stack.url, ana)
    desk.sign_in().accept()
    (lucia,) = called(web, "Lucía")
    page = desk.page
    page.get_by_role("button", name="Cuenta", exact=True).tap()
    assert desk.axe() == []
    page.get_by_role("button", name="Buscar personas y acciones").tap()
    option = page.get_by_role("option", name="Lucía")
    box = option.bounding_box()
    assert box and box["height"] >= 44
    assert desk.axe() == [] and desk.overflow() == 0
    option.tap()
    expect(page.locator("#thread")).to_have_attribute("data-conversation", str(lucia.pk))


def test_what_arrives_leaves_the_box_the_row_and_the_dialog_their_focus(
    desk: Desk, web: Inbox
) -> None:
    first, second = called(web, "Lucía", "Mateo")
    desk.open(first)
    page, box = desk.page, desk.page.locator("#thread textarea")
    box.press_sequentially("half a s")
    say(desk, web, first.identity, "Are you there?")
    ask_anew(desk)
    box.press_sequentially("entence")
    expect(box).to_be_focused()
    expect(box).to_have_value("half a sentence")
    desk.row(second).locator("a").focus()
    say(desk, web, second.identity, "Hello?")
    assert page.evaluate(FOCUSED) == f"conversation-{second.pk}"
    ask_anew(desk)
    expect(desk.row(second).locator("a")).to_be_focused()
    page.keyboard.press("e")
    search = page.get_by_label("Search typifications")
    expect(search).to_be_focused()
    search.press_sequentially("order")
    say(desk, web, first.identity, "I am still here")
    ask_anew(desk)
    expect(search).to_be_focused()
    expect(search).to_have_value("order")


def say(desk: Desk, web: Inbox, who: Identity, text: str) -> None:
    """They write, and Ana's list shows it."""
    conversation = write(web, who, text).conversation
    expect(desk.row(conversation)).to_contain_text(text)


def test_the_row_that_leaves_hands_its_focus_to_the_next_one(desk: Desk, web: Inbox) -> None:
    """In Ana's other tab each is ended; the last one's focus goes to the thread's place."""
    called(web, "Lucía", "Mateo", "Renata")
    expect(desk.rows()).to_have_count(3)
    first, second, third = order(desk)
    desk.row(second).locator("a").focus()
    for gone, next_one in ((second, third), (third, first)):
        drop(desk, gone)
        expect(desk.row(next_one).locator("a")).to_be_focused()
    drop(desk, first)
    expect(desk.page.locator("#thread")).to_be_focused()


def drop(desk: Desk, conversation: str) -> None:
    ended = Conversation.objects.get(pk=conversation)
    closing.end(
        agent=desk.agent, conversation=ended, typification=order_status(ended.project), comment=""
    )
    expect(desk.row(conversation)).to_have_count(0)


@pytest.mark.parametrize("where", ["under the pointer", "with the focus inside"])
def test_a_list_asked_for_anew_does_not_move_either(desk: Desk, web: Inbox, where: str) -> None:
    """After a lost line the whole list comes in the server's order."""
    called(web, "Lucía", "Mateo", "Renata")
    expect(desk.rows()).to_have_count(3)
    before = order(desk)
    row = desk.row(before[0])
    if where == "under the pointer":
        row.hover()
    else:
        row.locator("a").focus()
    oldest = Conversation.objects.get(pk=before[-1])
    write(web, oldest.identity, "Me first")
    ask_anew(desk)
    expect(desk.row(oldest)).to_contain_text("Me first")
    assert order(desk) == before
    if where == "under the pointer":
        desk.page.mouse.move(900, 500)
    else:
        expect(row.locator("a")).to_be_focused()
        desk.page.locator("[data-filter] input").focus()
    expect(desk.rows().first).to_have_id(f"conversation-{oldest.pk}")
    assert order(desk) == [before[-1], *before[:-1]]


def test_a_draft_and_its_cursor_stay_when_the_theme_changes(desk: Desk, web: Inbox) -> None:
    (lucia,) = called(web, "Lucía")
    desk.open(lucia)
    box = desk.page.locator("#thread textarea")
    box.press_sequentially("half a s")
    staffing.prefer(agent=desk.agent, language="en", theme="dark")
    expect(desk.page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(box).to_be_focused()
    expect(box).to_have_value("half a s")
    assert is_dark(desk.page)


def is_dark(page: Page) -> bool:
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in re.findall(r"\d+", color)[:3]) < 200
