"""Internal chat without a mouse, without a script, and fine in every look."""

import pytest
from playwright.sync_api import expect

from contactcenter.testing import arrivals, make_agent, make_project
from contactcenter.tests.browsers import DESKTOP
from contactcenter.tests.colleagues import Colleague, two, written
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from contactcenter.tests.test_journey_accessible import NARROW, assert_fine
from contactcenter.tests.test_journey_keyboard_only import press

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


def test_r69_ana_writes_to_bruno_without_a_mouse(stack: Stack, someone: NewContext) -> None:
    shop = make_project()
    ana, bruno = two(stack, someone, shop)
    ana.page.locator("#thread").focus()
    press(ana.page, "i")
    expect(ana.directory).to_be_visible()
    search = ana.page.get_by_role("searchbox", name="Buscar agentes por nombre")
    search.focus()
    press(ana.page, "“bru”", "ArrowDown")
    expect(ana.listed(bruno.agent).locator("input")).to_be_focused()
    press(ana.page, "Tab")
    expect(ana.page.get_by_test_id("direct-message")).to_be_focused()
    press(ana.page, "Enter")
    expect(ana.box).to_be_focused()
    press(ana.page, "“Hola”", "Enter")
    expect(ana.bubble("Hola")).to_have_attribute("data-seq", "1")
    press(ana.page, "Escape")
    expect(ana.page.locator("#direct-chats a")).to_be_focused()
    press(ana.page, "Enter")
    expect(ana.box).to_be_focused()
    press(ana.page, "Tab", "Tab", "Escape", "e")
    dialog = ana.page.get_by_role("dialog")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    press(ana.page, "“order st”", "Enter", "Enter")
    expect(dialog).to_be_hidden()
    expect(ana.page.locator(".composer.closed")).to_be_visible()
    ana.page.locator("#directory [type=search]").focus()
    press(ana.page, "Escape")
    expect(ana.directory).to_be_hidden()
    assert ana.complaints == []


def test_r70_without_a_script_it_can_be_written_and_closed(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    carla = make_agent(shop, "Carla", language="es")
    Colleague(someone(), stack.url, carla).sign_in()
    ana = Colleague(someone(java_script_enabled=False), stack.url, make_agent(shop, "Ana"))
    ana.wait_for_line = lambda: None  # type: ignore[method-assign]
    ana.sign_in()
    ana.button.click()
    ana.write_to(carla)
    ana.box.fill("Hi")
    ana.page.get_by_role("button", name="Send").click()
    expect(ana.bubble("Hi")).to_be_visible()
    ana.page.get_by_test_id("close-chat").click()
    ana.page.get_by_label("Order status", exact=True).check()
    ana.page.get_by_role("button", name="Close chat").click()
    expect(ana.page.locator(".composer.closed")).to_contain_text("Order status")
    assert written(shop) == [("Ana", "Hi")]


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(DESKTOP, "light"), (NARROW, "dark")],
    ids=["1440-light", "320-dark"],
)
def test_r61_r64_r65_r66_r67_r72_r73_r74_every_state_of_internal_chat_is_fine(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str
) -> None:
    shop = make_project(support_address="soporte@tienda.example")
    ana, bruno = two(stack, someone, shop, viewport=viewport, color_scheme=scheme)
    make_agent(shop, "Wolfeschlegelstein" * 2)
    ana.accept()
    (lucia,) = arrivals(shop.inboxes.get(), 1)
    expect(ana.row(lucia)).to_be_attached()
    ana.unfold()
    expect(ana.listed(bruno.agent)).to_contain_text("Bruno")
    expect(ana.listed(bruno.agent)).to_contain_text("Support")
    expect(ana.listed(bruno.agent).get_by_test_id("attending")).to_have_text("0")
    expect(ana.listed(ana.agent)).to_have_count(0)
    assert_fine(ana, "the directory")
    ana.page.locator("#directory [type=search]").fill("BRÚ")
    expect(ana.page.locator(".ag:visible")).to_have_count(1)
    ana.page.locator("#directory [type=search]").fill("nobody of that name")
    assert_fine(ana, "nobody matches")
    ana.page.locator("#directory [type=search]").fill("")
    ana.listed(bruno.agent).locator("label").click()
    assert_fine(ana, "selected")
    chat = ana.write_to(bruno.agent)
    assert_fine(ana, "nothing written yet")
    ana.page.locator("quote-picker summary").click()
    assert_fine(ana, "what to quote")
    ana.page.locator(f"[data-quote='{lucia.pk}']").click()
    assert_fine(ana, "chosen")
    ana.said(f"Mira https://tienda.example/{'x' * 80}")
    bruno.unfold()
    assert_fine(bruno, "an unread chat")
    bruno.open_chat(chat)
    bruno.said("Sí")
    assert_fine(bruno, "a quote that is not his to see")
    expect(ana.bubble("Sí")).to_be_visible()
    assert_fine(ana, "a chat")
    dialog = ana.ask_to_close()
    expect(dialog.get_by_role("radio")).to_have_count(2)
    expect(dialog.get_by_role("link", name="soporte@tienda.example")).to_be_visible()
    assert_fine(ana, "closing")
    ana.page.keyboard.press("Escape")
    ana.close()
    expect(bruno.page.locator(".composer.closed")).to_be_visible()
    assert_fine(bruno, "closed")
    bruno.page.goto(f"{bruno.url}/p/{shop.slug}/internal/history/")
    assert_fine(bruno, "closed chats")
    bruno.page.locator("#archive-rows li a").click()
    expect(bruno.bubble("Sí")).to_be_visible()
    assert_fine(bruno, "a closed chat in History")
