"""Internal chat in two agents' browsers at once (R59, R60, R68–R75), in Spanish.

The directory: test_journey_directory.py. Without a mouse and in every look:
test_journey_internal_looks.py."""

import re

import pytest
from playwright.sync_api import expect

from agents.models import Project
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import arrivals, make_agent, make_project, make_supervisor
from contactcenter.tests.browsers import DESKTOP, PHONE, Site, Watched
from contactcenter.tests.colleagues import two, written
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.lending import page_of
from contactcenter.tests.stack import Stack
from contactcenter.tests.test_journey_sound import SPY, a_quiet_second, wait_for_sounds
from conversations.models import Typification
from internalchat.models import DirectChat

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def shop(committed: None) -> Project:
    return make_project(support_address="soporte@tienda.example")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1440", "390"])
def test_r59_r60_r68_r69_r70_from_the_last_button_to_an_answer(
    stack: Stack, someone: NewContext, shop: Project, viewport: dict[str, int]
) -> None:
    ana, bruno = two(stack, someone, shop, viewport=viewport)
    last = ana.page.locator("nav.rail > :last-child")
    expect(last).to_have_attribute("data-testid", "toolbar-internal-chat")
    expect(last).to_be_visible()
    gone = make_agent(shop, "Carla")
    ana.unfold()
    ana.listed(gone).locator("label").click()
    expect(ana.page.get_by_test_id("direct-message")).to_be_disabled()
    expect(ana.listed(gone)).to_contain_text("No está activo ahora")

    chat = ana.write_to(bruno.agent)
    expect(ana.box).to_be_focused()
    if viewport == DESKTOP:
        ana.page.get_by_test_id("direct-message").click()  # once more: the same chat
        expect(ana.box).to_be_focused()
        assert ana.chat == chat
    ana.page.reload()  # nothing is stored, and nothing is lost
    ana.wait_for_line()
    assert ana.chat == chat and not DirectChat.objects.filter(project=shop).exists()
    expect(bruno.button.locator(".count")).to_have_count(0)

    bruno.page.locator("#thread").focus()
    ana.said("¿Quedan pantallas?")
    expect(bruno.button.locator(".count")).to_have_text("1")
    expect(bruno.button).to_have_accessible_name("Chat interno, 1 mensaje nuevo")
    expect(bruno.page).to_have_title(re.compile(r"^\(1\) "))
    expect(bruno.page.locator("#thread")).to_be_focused()
    expect(bruno.directory).to_be_hidden()

    bruno.unfold()
    bruno.open_chat(chat)
    expect(bruno.bubble("¿Quedan pantallas?")).to_have_class(re.compile(r"\bin\b"))
    expect(bruno.button.locator(".count")).to_have_count(0)
    expect(ana.bubble("¿Quedan pantallas?").locator(".seen")).to_be_visible()
    bruno.said("Sí, 14")
    expect(ana.bubble("Sí, 14")).to_be_visible()
    assert written(shop) == [("Ana", "¿Quedan pantallas?"), ("Bruno", "Sí, 14")]
    assert ana.complaints == bruno.complaints == []
    assert ana.overflow() == bruno.overflow() == 0


def test_r68_r69_both_press_at_once_and_write_with_everything_a_thread_has(
    stack: Stack, someone: NewContext, shop: Project
) -> None:
    ana, bruno = two(stack, someone, shop)
    bruno.page.add_init_script(SPY)
    bruno.page.reload()
    bruno.wait_for_line()
    bruno.accept()  # and with it the sound
    (lucia,) = arrivals(shop.inboxes.get(), 1)
    expect(bruno.row(lucia)).to_be_visible()
    wait_for_sounds(1, bruno.page)
    for one in (ana, bruno):
        one.unfold()
    chats = [ana.write_to(bruno.agent), bruno.write_to(ana.agent)]
    assert chats[0] == chats[1]
    bruno.page.locator("[data-leave]").click()  # beside the customers again
    expect(bruno.directory).to_be_hidden()
    a_quiet_second(bruno.page)
    ana.box.press_sequentially("Mira https://tienda.example/alba")
    ana.page.reload()
    ana.wait_for_line()
    expect(ana.box).to_have_value("Mira https://tienda.example/alba")  # kept
    ana.box.press("Enter")
    wait_for_sounds(2, bruno.page)
    expect(bruno.page.locator("#announce")).to_have_text("Nuevo mensaje de Ana en el chat interno")
    bruno.unfold()
    bruno.open_chat(chats[0])
    expect(bruno.bubble("Mira").get_by_role("link")).to_have_attribute(
        "href", "https://tienda.example/alba"
    )
    bruno.box.press_sequentially("Ya")
    expect(ana.page.locator("#thread .typing")).to_be_visible()
    expect(ana.page.locator("#thread .typing")).to_have_text("Bruno está escribiendo")

    bruno.page.locator("quote-picker summary").click()
    bruno.page.locator(f"[data-quote='{lucia.pk}']").click()
    bruno.page.reload()  # kept, as the text is
    bruno.wait_for_line()
    expect(bruno.page.locator("quote-picker [data-chosen]")).to_have_text(lucia.title)
    bruno.said("Ya la veo")
    expect(bruno.page.locator("quote-picker [data-chosen]")).to_be_hidden()
    expect(bruno.bubble("Ya la veo").get_by_test_id("quoted")).to_contain_text(lucia.title)
    hidden = ana.bubble("Ya la veo").get_by_test_id("quoted")
    expect(hidden).to_have_text("Una conversación con un cliente que no puedes ver.")
    assert lucia.title not in ana.page.content()

    # As if the push of the very first one had been lost: the repair brings that one, too.
    ana.bubble("Mira").evaluate("(bubble) => bubble.closest('.msg').remove()")
    ana.page.context.set_offline(True)
    ana.answer("sin línea")
    expect(ana.bubble("sin línea")).to_have_class(re.compile("pending"))
    bruno.said("¿Sigues ahí?")
    ana.page.context.set_offline(False)
    expect(ana.bubble("¿Sigues ahí?")).to_be_visible(timeout=15_000)
    expect(ana.page.locator("#thread .msg").first).to_contain_text("Mira")
    expect(ana.bubble("sin línea")).to_have_attribute("data-seq", "4", timeout=15_000)
    assert [text for _who, text in written(shop)].count("sin línea") == 1
    assert bruno.complaints == []


def test_r72_r73_r74_either_closes_it_with_the_typifications_of_a_customers_chat(
    stack: Stack, someone: NewContext, shop: Project
) -> None:
    ana, bruno = two(stack, someone, shop)
    ana.accept()
    (lucia,) = arrivals(shop.inboxes.get(), 1)
    sofia = Site(someone(), stack.url, make_supervisor(shop))
    add_typification(sofia, shop, "Rotura")
    ana.open(lucia)
    ana.page.get_by_test_id("end").click()
    dialog = ana.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    offered = dialog.get_by_role("radio").evaluate_all("all => all.map(one => one.value)")
    ana.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    ana.unfold()
    chat = ana.write_to(bruno.agent)
    ana.said("¿La cierro?")
    dialog = ana.ask_to_close()
    options = dialog.get_by_role("radio")
    assert options.evaluate_all("all => all.map(one => one.value)") == offered
    expect(dialog.get_by_label("Rotura")).to_be_visible()
    expect(dialog.locator(".support a")).to_have_attribute("href", "mailto:soporte@tienda.example")
    dialog.get_by_role("button", name="Cerrar chat").click()  # not without one
    expect(dialog).to_be_visible()

    bruno.unfold()
    bruno.open_chat(chat)
    bruno.box.fill("estaba escribiendo")
    his = bruno.ask_to_close()
    his.get_by_label("Order status", exact=True).check()
    dialog.get_by_label("Rotura").check()
    dialog.get_by_role("button", name="Cerrar chat").click()
    expect(ana.page.locator(".composer.closed")).to_contain_text("Cerrado por Ana: Rotura")
    his.get_by_role("button", name="Cerrar chat").click()  # too late, and told
    toasts = bruno.page.locator("toast-stack")
    expect(toasts).to_contain_text("Ana cerró vuestro chat: Rotura.")
    expect(toasts).to_contain_text("Este chat está cerrado.")
    expect(bruno.page.locator(".composer.closed")).to_be_visible()
    expect(bruno.bubble("estaba escribiendo")).to_contain_text("Copiar")
    expect(bruno.page.get_by_test_id("close-chat")).to_be_hidden()

    bruno.write_to(ana.agent)
    expect(bruno.page.locator("#thread")).not_to_have_attribute("data-conversation", chat)
    bruno.said("otra cosa")
    bruno.close()
    expect(bruno.page.locator(".composer.closed")).to_contain_text("Cerrado por Bruno")
    bruno.page.locator(".rail [data-place=history]").click()
    bruno.page.get_by_role("link", name="Chats internos").click()
    rows = bruno.page.locator("#archive-rows li a")
    expect(rows).to_have_count(2)
    rows.last.click()
    expect(bruno.bubble("¿La cierro?")).to_be_visible()
    expect(bruno.page.locator(".composer.closed")).to_contain_text("Rotura")
    closed = DirectChat.objects.filter(project=shop).order_by("started_at")
    assert [each.ended_by for each in closed] == [ana.agent, bruno.agent]
    assert [c for c in ana.complaints + bruno.complaints if "409" not in c and "422" not in c] == []


def add_typification(sofia: Site, shop: Project, name: str) -> None:
    sofia.page.goto(f"{sofia.url}/admin/conversations/typification/add/")
    sofia.page.get_by_label("Name").fill(name)
    sofia.page.get_by_role("button", name="Save", exact=True).click()
    wait_until(lambda: Typification.objects.filter(project=shop, name=name).exists(), 10)


def test_r75_the_support_address_stands_in_the_help_and_on_the_sign_in_pages(
    stack: Stack, someone: NewContext
) -> None:
    Project.objects.exclude(support_address="").update(support_address="")
    shop = make_project()
    watched = Watched(page_of(someone()))
    page, link = watched.page, watched.page.locator("a[href^=mailto]")
    page.goto(f"{stack.url}/login/")
    expect(link).to_have_count(0)
    sofia = Site(someone(), stack.url, make_supervisor(shop))
    sofia.save(shop, "Support address", "soporte@tienda.example")
    for path in ("/login/", "/login/recover/"):
        page.goto(f"{stack.url}{path}")
        expect(link).to_have_attribute("href", "mailto:soporte@tienda.example")
    sofia.page.goto(f"{stack.url}/help/")
    help_link = sofia.page.locator("a[href^=mailto]")
    expect(help_link).to_have_text("soporte@tienda.example")
    assert watched.fine() == []
