"""The palette: people and commands, found by typing."""

import pytest
from playwright.sync_api import expect

from contactcenter.testing import called, make_agent, make_project, write
from contactcenter.tests.browsers import PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def test_the_palette_finds_people_and_commands_by_keyboard(desk: Desk, web: Inbox) -> None:
    give = desk.page.get_by_role("option").filter(has_text="Transfer all")
    desk.page.keyboard.press("Control+k")
    expect(give).to_have_count(0)  # there is nothing to give
    desk.page.keyboard.press("Escape")
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
    expect(give).to_have_count(1)
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
