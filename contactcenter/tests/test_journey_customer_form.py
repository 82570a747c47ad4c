"""The questions before the chat: answered once, by keyboard, and kept whatever happens."""

import pytest
from playwright.sync_api import expect

from contactcenter.tests.browsers import PHONE, Chat
from contactcenter.tests.chatting import conversation_of, shop_with_form
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Contact

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


def test_lucia_answers_by_keyboard_and_is_told_by_the_field_what_is_wrong(
    stack: Stack, someone: NewContext
) -> None:
    shop, (name, email, phone) = shop_with_form()
    chat = Chat(someone(viewport=PHONE), stack.url, shop.inboxes.get())
    page = chat.page
    expect(page.get_by_label("Name")).to_be_focused()
    expect(chat.box).to_be_hidden()
    for field, purpose in ((name, "name"), (email, "email"), (phone, "tel")):
        expect(page.locator(f"#field-{field.pk}")).to_have_attribute("autocomplete", purpose)
    page.keyboard.type("Lucía <b>Paz</b>")
    page.keyboard.press("Tab")
    page.keyboard.type("lucia at example")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wrong = page.get_by_label("Email")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_accessible_description("An address like name@example.com.")
    expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "false")
    expect(page.get_by_label("Name")).to_have_value("Lucía <b>Paz</b>")
    wrong.fill("lucia@example.com")
    page.keyboard.press("Enter")
    expect(chat.box).to_be_focused()
    expect(page.locator("chat-form")).to_be_hidden()
    chat.write("Where is my lamp?")
    conversation = conversation_of(shop.inboxes.get())
    contact = conversation.contact
    assert (contact.name, contact.details["Email"]) == ("Lucía <b>Paz</b>", "lucia@example.com")
    page.reload()
    expect(chat.bubble("Where is my lamp?")).to_be_visible()
    expect(page.locator("chat-form")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).filter((k) => /answers/.test(k))") == []
    assert chat.overflow() == 0
    assert chat.complaints == []


def test_answers_survive_a_reload_and_a_lost_line_until_they_are_used(
    stack: Stack, someone: NewContext
) -> None:
    shop, _fields = shop_with_form()
    context = someone()
    chat = Chat(context, stack.url, shop.inboxes.get())
    page = chat.page
    page.get_by_label("Name").fill("Lucía")
    page.reload()
    expect(page.get_by_label("Name")).to_have_value("Lucía")
    page.get_by_label("Email").fill("lucia@example.com")
    context.set_offline(True)
    page.get_by_role("button", name="Start chat").click()
    expect(page.get_by_role("status").filter(has_text="back online")).to_be_visible()
    context.set_offline(False)
    expect(chat.box).to_be_focused()
    page.reload()  # answered, nothing written yet: nobody is asked again
    expect(chat.box).to_be_focused()
    second = Chat(context, stack.url, shop.inboxes.get())  # nor is her second tab
    expect(second.page.locator("chat-panel[data-line=up]")).to_be_visible()
    expect(second.page.locator("chat-form")).to_be_hidden()
    chat.write("Hello")
    expect(second.bubble("Hello")).to_be_visible()
    conversation = conversation_of(shop.inboxes.get())
    assert conversation.contact.name == "Lucía"
    assert Contact.objects.filter(project=shop).count() == 1
    assert [c for c in chat.complaints if "ERR_INTERNET_DISCONNECTED" not in c] == []
