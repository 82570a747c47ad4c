"""The contact's panel: edited in place, merged, blocked; live on every screen that shows them."""

import re

import pytest
from playwright.sync_api import expect

from agents.models import Agent
from contactcenter.testing import make_agent, make_customer, make_project, order_status, write
from contactcenter.tests.browsers import DESKTOP, PHONE, Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import closing, contacts
from conversations.models import Contact, ContactField, Conversation, Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
LOOKS = [
    pytest.param(DESKTOP, "light", "en", id="1440-light-en"),
    pytest.param(PHONE, "dark", "es", id="390-dark-es"),
]


def panel(desk: Desk) -> None:
    """The panel is a sheet on the phone."""
    if not desk.page.locator("#contact").is_visible():
        desk.page.locator(".details").click()


def deed(desk: Desk, number: int) -> None:
    """0 Edit, 1 Merge, 2 Block."""
    panel(desk)
    desk.page.locator(".deeds .btn").nth(number).click()


def rename(agent: Agent, contact: Contact, name: str) -> None:
    card = contacts.card_of(contact)
    contacts.edit(agent=agent, contact=contact, opened=card, card={**card, "name": name})


def held_by_ana(desk: Desk, inbox: Inbox, name: str = "Lucía") -> Conversation:
    conversation = write(inbox, make_customer(inbox, name), "Where is my lamp?").conversation
    expect(desk.row(conversation)).to_be_visible()
    desk.open(conversation)
    return Conversation.objects.select_related("contact").get(pk=conversation.pk)


@pytest.mark.parametrize(("viewport", "scheme", "language"), LOOKS)
def test_an_edit_in_place_is_on_every_screen_at_once(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    shop = make_project()
    ContactField.objects.create(project=shop, label="Order")
    ana = make_agent(shop, "Ana", language=language)
    desk = Desk(someone(viewport=viewport, color_scheme=scheme), stack.url, ana).sign_in()
    desk.accept()
    held = held_by_ana(desk, shop.inboxes.get())
    other = Desk(someone(), stack.other_url, ana).sign_in()
    other.open(held)
    deed(desk, 0)
    form = desk.page.locator("#contact-editing form")
    expect(form.locator("input.input").first).to_be_focused()
    assert desk.fine() == [], "the form"
    form.locator("[name='language']").fill("klingon")
    form.locator("[name='name']").fill("<b>Lucía</b> Fernández 🌷")
    form.locator("[name='field:Order']").fill("48210")
    form.locator(".primary").click()
    expect(form.locator("[aria-invalid]")).to_be_focused()
    assert desk.fine() == [], "refused"
    form.locator("[name='language']").fill("pt-BR")
    desk.page.context.set_offline(True)
    form.locator(".primary").click()
    expect(form.locator("[data-failed]")).to_be_visible()
    desk.page.context.set_offline(False)
    desk.wait_for_line()
    form.locator(".primary").click()
    expect(form).to_have_count(0)
    expect(desk.page.locator("[data-edit]")).to_be_focused()
    for screen in (desk, other):
        page, name = screen.page, "<b>Lucía</b> Fernández 🌷"
        expect(page.locator("#thread h1:visible")).to_have_text(name)
        expect(page.locator("#contact h2")).to_have_text(name)
        expect(page.locator("#contact .facts")).to_contain_text("48210")
        expect(screen.row(held).locator(".nm bdi")).to_have_text(name)
        box = page.locator("#thread textarea")
        expect(box).to_have_attribute("placeholder", re.compile(re.escape(name)))
    assert desk.fine() == [], "saved"
    assert other.complaints == []


def test_what_is_being_written_stays_when_others_change_the_contact(
    stack: Stack, someone: NewContext
) -> None:
    """The second of two editors sees both, loses nothing and decides."""
    shop = make_project()
    ana, bruno = make_agent(shop, "Ana"), make_agent(shop, "Bruno")
    desk = Desk(someone(), stack.url, ana).sign_in()
    desk.accept()
    held = held_by_ana(desk, shop.inboxes.get())
    deed(desk, 0)
    form = desk.page.locator("#contact-editing form")
    form.locator("[name='name']").fill("Luz")
    rename(bruno, held.contact, "Lucía F.")
    expect(desk.page.locator("#thread h1:visible")).to_have_text("Lucía F.")
    expect(form.locator("[name='name']")).to_have_value("Luz")
    expect(form.locator("[name='name']")).to_be_focused()
    form.locator(".primary").click()
    expect(form.get_by_role("alert")).to_contain_text("Bruno changed this meanwhile.")
    expect(form).to_contain_text("It says “Lucía F.” now.")
    assert desk.fine() == [], "overtaken"
    form.locator(".primary").click()
    expect(desk.page.locator("#thread h1:visible")).to_have_text("Luz")
    deed(desk, 0)
    expect(form.locator("[name='name']")).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(desk.page.locator("[data-edit]")).to_be_focused()


def test_a_change_while_the_line_was_cut_is_there_afterwards(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ana, bruno = make_agent(shop, "Ana"), make_agent(shop, "Bruno")
    desk = Desk(someone(), stack.url, ana).sign_in()
    desk.accept()
    held = held_by_ana(desk, shop.inboxes.get())
    desk.page.context.set_offline(True)
    expect(desk.page.locator("line-banner [data-state=offline]")).to_be_visible()
    rename(bruno, held.contact, "Lucía F.")
    desk.page.context.set_offline(False)
    for place in ("#thread h1:visible", "#contact h2", "#items .nm bdi"):
        expect(desk.page.locator(place)).to_have_text("Lucía F.")


@pytest.mark.parametrize(("viewport", "scheme", "language"), LOOKS)
def test_two_contacts_become_one_on_every_screen(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    """What the other one said stands in the thread; a draft is kept."""
    shop = make_project()
    web, ana = shop.inboxes.get(), make_agent(shop, "Ana", language=language)
    desk = Desk(someone(viewport=viewport, color_scheme=scheme), stack.url, ana).sign_in()
    desk.accept()
    before = write(web, make_customer(web, "Lucía in a bus"), "first from my phone").conversation
    closing.end(agent=ana, conversation=before, typification=order_status(shop))
    held = held_by_ana(desk, web)
    other = Desk(someone(), stack.other_url, ana).sign_in()
    other.open(held)
    other.page.locator("#thread textarea").fill("I am writing")
    deed(desk, 1)
    dialog = desk.page.locator("#contact-dialog")
    search = dialog.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.fill("nobody here")
    expect(dialog.locator("#merge-matches .hint")).to_be_visible()
    assert desk.fine() == [], "nobody matches"
    search.fill("bus")
    expect(dialog.locator(".opt")).to_have_count(1)
    assert desk.fine() == [], "matches"
    dialog.locator(".opt").click()
    expect(dialog.locator("table")).to_contain_text("Lucía in a bus")
    assert desk.fine() == [], "side by side"
    desk.page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    for screen in (desk, other):
        expect(screen.bubble("first from my phone")).to_be_attached()
        expect(screen.page.locator("#thread h1:visible")).to_have_text("Lucía")
    expect(other.page.locator("#thread textarea")).to_have_value("I am writing")
    panel(desk)
    expect(desk.page.locator(".prev a")).to_have_count(1)
    assert desk.complaints == other.complaints == []


@pytest.mark.parametrize(("viewport", "scheme", "language"), LOOKS)
def test_who_is_blocked_is_told_politely_and_can_be_let_in_again(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    shop = make_project()
    ana = make_agent(shop, "Ana", language=language)
    desk = Desk(someone(viewport=viewport, color_scheme=scheme), stack.url, ana).sign_in()
    desk.accept()
    chat = Chat(someone(), stack.other_url, shop.inboxes.get())
    chat.write("You are all stupid")
    expect(desk.rows()).to_have_count(1)
    held = Conversation.objects.get(project=shop)
    desk.open(held)
    deed(desk, 2)
    dialog = desk.page.locator("#contact-dialog")
    reason = dialog.locator("[name=reason]")
    expect(reason).to_be_focused()
    assert desk.fine() == [], "block"
    reason.fill("insults")
    dialog.locator(".danger").click()
    expect(dialog).to_be_hidden()
    expect(desk.row(held)).to_have_count(0)
    expect(desk.page.locator(".composer.closed")).to_be_visible()
    panel(desk)
    expect(desk.page.locator(".person .blocked")).to_contain_text("insults")
    assert desk.fine() == [], "blocked"
    held.refresh_from_db()
    assert held.typification and held.typification.reserved == "blocked"
    expect(chat.page.locator("chat-header")).to_contain_text(re.compile("Chat ended"))
    chat.page.get_by_role("button", name="Start a new chat").click()
    chat.write("And you cannot stop me")
    expect(chat.page.get_by_text("This chat is closed for you.").first).to_be_visible()
    assert Conversation.objects.filter(project=shop).count() == 1
    deed(desk, 2)
    dialog.locator(".primary").click()
    expect(desk.page.locator(".person .blocked")).to_have_count(0)
    assert not Contact.objects.get(project=shop).blocked_at
    assert desk.complaints == []
