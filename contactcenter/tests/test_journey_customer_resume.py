"""Coming back: after a reload, after a day, without storage, in a second tab, on a lost line."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import make_project, order_status
from contactcenter.tests.browsers import Chat
from contactcenter.tests.chatting import Tapped, answer, conversation_of, ready_agent
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import closing
from conversations.models import Contact, Conversation, Message

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

NO_STORAGE = """
Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
});
"""


def test_a_day_later_the_chat_is_still_there_with_what_came_meanwhile(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ana = ready_agent(shop)
    context = someone()
    chat = Chat(context, stack.url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    conversation = conversation_of(shop.inboxes.get())
    answer(conversation, "I ask the carrier")
    expect(chat.bubble("I ask the carrier")).to_be_visible()
    chat.page.close()
    answer(conversation, "It comes today")
    closing.end(agent=ana, conversation=conversation, typification=order_status(shop))
    yesterday = timezone.now() - dt.timedelta(days=1)
    Message.objects.filter(conversation=conversation).update(created_at=yesterday)
    Conversation.objects.filter(pk=conversation.pk).update(ended_at=yesterday)
    again = Chat(context, stack.other_url, shop.inboxes.get())
    expect(again.page.locator(".msg")).to_have_count(0)  # another origin is another browser
    again = Chat(context, stack.url, shop.inboxes.get())
    expect(again.page.locator(".msg .bub")).to_have_text(
        ["Where is my lamp?", "I ask the carrier", "It comes today"]
    )
    expect(again.page.locator("chat-closing")).to_contain_text("Chat ended at")
    expect(again.page.locator('[data-notice="resumed"]')).to_be_hidden()
    again.write("Thank you")
    expect(again.bubble("Thank you")).to_have_attribute("data-state", "sent")
    assert Contact.objects.filter(project=shop).count() == 1
    assert again.complaints == []


def test_a_reload_in_the_middle_goes_on_and_says_so(stack: Stack, someone: NewContext) -> None:
    shop = make_project()
    ready_agent(shop)
    chat = Chat(someone(), stack.url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    answer(conversation_of(shop.inboxes.get()), "On its way")
    expect(chat.bubble("On its way")).to_be_visible()
    chat.box.fill("half a sent")
    chat.page.reload()
    expect(chat.page.get_by_text("You are back in the same chat.")).to_be_visible()
    expect(chat.box).to_have_value("half a sent")
    expect(chat.page.locator(".msg")).to_have_count(2)
    chat.write("Thank you")
    expect(chat.page.get_by_text("You are back in the same chat.")).to_be_hidden()
    expect(chat.bubble("Thank you")).to_have_attribute("data-state", "sent")
    assert Conversation.objects.filter(project=shop).count() == 1
    assert chat.complaints == []


def test_without_storage_everything_works_until_the_page_is_left(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ready_agent(shop)
    context = someone()
    context.add_init_script(NO_STORAGE)
    line = Tapped(context)
    chat = Chat(context, stack.url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    # A tapped line passes frames on only while the browser is being asked something.
    expect(chat.bubble("Where is my lamp?")).to_have_attribute("data-state", "sent")
    conversation = conversation_of(shop.inboxes.get())
    answer(conversation, "On its way")
    expect(chat.bubble("On its way")).to_be_visible()
    line.close(1001)
    chat.write("while the line is lost")
    expect(chat.bubble("while the line is lost")).to_have_attribute("data-state", "sent")
    assert conversation.messages.count() == 3
    assert Conversation.objects.filter(project=shop).count() == 1
    expect(chat.page.locator(".banner:visible")).to_have_count(0)
    chat.page.reload()
    expect(chat.page.locator("chat-header .spin")).to_be_hidden()
    expect(chat.page.locator(".msg")).to_have_count(0)
    expect(chat.page.locator(".banner:visible")).to_have_count(0)
    assert chat.complaints == []


def test_two_tabs_of_lucia_stay_in_step(stack: Stack, someone: NewContext) -> None:
    """Both opened before anything was written: the second learns of it from the first."""
    shop = make_project()
    ana = ready_agent(shop)
    context = someone()
    one, two = (Chat(context, stack.url, shop.inboxes.get()) for _ in range(2))
    one.write("Where is my lamp?")
    expect(two.bubble("Where is my lamp?")).to_have_attribute("data-state", "sent")
    expect(two.page.locator("chat-header h1")).to_have_text("Ana")
    two.write("It was due yesterday")
    expect(one.bubble("It was due yesterday")).to_have_attribute("data-state", "sent")
    conversation = conversation_of(shop.inboxes.get())
    answer(conversation, "On its way")
    for tab in (one, two):
        expect(tab.page.locator(".msg .bub")).to_have_text(
            ["Where is my lamp?", "It was due yesterday", "On its way"]
        )
    closing.end(agent=ana, conversation=conversation, typification=order_status(shop))
    expect(two.page.locator("chat-closing")).to_contain_text("Chat ended at")
    one.write("One more thing")
    expect(two.bubble("One more thing")).to_be_visible()
    expect(two.page.locator("chat-closing [data-part=ended]")).to_be_hidden()
    assert Contact.objects.filter(project=shop).count() == 1
    assert one.complaints == two.complaints == []


def test_unsent_texts_go_out_once_and_in_order_when_the_line_is_back(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    context = someone()
    chat = Chat(context, stack.url, shop.inboxes.get())
    chat.write("before")
    expect(chat.bubble("before")).to_have_attribute("data-state", "sent")
    context.set_offline(True)
    for text in ("one", "two", "three"):
        chat.write(text)
    expect(chat.bubble("three")).to_contain_text("Sends when you are back online")
    expect(chat.page.locator("chat-header")).to_contain_text("Reconnecting…")
    context.set_offline(False)
    mine = Message.objects.filter(conversation__project=shop).order_by("seq")
    wait_until(lambda: mine.count() == 4, 5)  # P-09
    assert [message.text for message in mine] == ["before", "one", "two", "three"]
    expect(chat.page.locator('.msg[data-state="sent"]')).to_have_count(4)
