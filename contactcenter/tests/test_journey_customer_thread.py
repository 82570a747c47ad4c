"""The thread as the customer sees it: who came, who writes, what was read, where a day and a chat
begin, and what is new below."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contactcenter.testing import holder_of, make_agent, make_project, order_status
from contactcenter.tests.browsers import Chat, Desk
from contactcenter.tests.chatting import answer, conversation_of, ready_agent
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import closing
from conversations.models import Conversation, Message

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

TOP = "(log) => Math.round(log.querySelector('.msg').getBoundingClientRect().top)"


def test_ana_and_lucia_see_each_other_write_and_read(stack: Stack, someone: NewContext) -> None:
    shop = make_project()
    desk = Desk(someone(), stack.url, make_agent(shop, "Ana")).sign_in()
    desk.accept()
    chat = Chat(someone(), stack.other_url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    expect(chat.page.locator(".joined")).to_have_text("AAna joined the chat")
    expect(chat.page.locator("chat-header h1")).to_have_text("Ana")
    asked = chat.bubble("Where is my lamp?")
    expect(asked).to_have_attribute("data-state", "sent")
    conversation = conversation_of(shop.inboxes.get())
    desk.open(conversation)
    expect(asked).to_have_attribute("data-state", "read")
    expect(asked.get_by_text("Read", exact=True)).to_be_attached()
    desk.page.locator("#thread textarea").press_sequentially("On ")
    expect(chat.page.locator("[data-part=typist]")).to_have_text("Ana is typing")
    desk.answer("On its way, see https://shop.example/lamp.")
    expect(chat.page.locator("[data-part=typing]")).to_be_hidden()
    link = chat.bubble("On its way").get_by_role("link")
    expect(link).to_have_attribute("href", "https://shop.example/lamp")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(desk.bubble("On its way")).to_contain_text("Read")
    chat.box.press_sequentially("Tha")
    expect(desk.row(conversation)).to_contain_text("typing")
    desk.end()
    expect(chat.page.locator("chat-closing")).to_contain_text("Chat ended at")
    assert chat.complaints == desk.complaints == []


def test_who_scrolled_up_stays_there_and_is_told_what_is_new(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ready_agent(shop)
    chat = Chat(someone(), stack.url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    conversation = conversation_of(shop.inboxes.get())
    for number in range(12):
        answer(conversation, f"Answer {number}\n\nwith two lines")
    expect(chat.bubble("Answer 11")).to_be_in_viewport()
    expect(chat.bubble("Where is my lamp?")).to_have_attribute("data-state", "read")
    log = chat.page.locator("chat-thread")
    pill = chat.page.locator("new-messages button")
    log.hover()
    chat.page.mouse.wheel(0, -400)
    expect(chat.bubble("Answer 11")).not_to_be_in_viewport()
    expect(pill).to_be_hidden()
    before = log.evaluate(TOP)
    answer(conversation, "One more")
    expect(pill).to_have_text("1 new message")
    last = answer(conversation, "And another")
    expect(pill).to_have_text("2 new messages")
    assert log.evaluate(TOP) == before
    conversation.refresh_from_db()
    assert conversation.contact_read_seq < last.seq - 1
    pill.click()
    expect(chat.bubble("And another")).to_be_in_viewport()
    expect(pill).to_be_hidden()
    expect(log).to_be_focused()
    assert chat.complaints == []


def test_writing_after_the_end_is_a_new_chat_below_a_line_and_days_have_theirs(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ana = ready_agent(shop)
    chat = Chat(someone(), stack.url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    first = conversation_of(shop.inboxes.get())
    answer(first, "On its way")
    expect(chat.bubble("On its way")).to_be_visible()
    assert holder_of(first) == ana
    closing.end(agent=ana, conversation=first, typification=order_status(shop))
    expect(chat.page.locator("chat-closing")).to_contain_text("Chat ended at")
    yesterday = timezone.now() - dt.timedelta(days=1)
    Message.objects.filter(conversation=first).update(created_at=yesterday)
    expect(chat.page.locator(".day")).to_have_count(0)
    chat.page.reload()
    expect(chat.page.locator(".day")).to_have_text(["Yesterday"])
    expect(chat.page.locator("chat-closing")).to_contain_text("Chat ended at")
    chat.write("It has not come")
    expect(chat.page.locator(".day")).to_have_text(["Yesterday", "New chat · Today"])
    expect(chat.bubble("On its way")).to_be_visible()
    expect(chat.page.locator("chat-closing .over")).to_have_count(2)
    expect(chat.page.locator("chat-closing [data-part=ended]")).to_be_hidden()
    second = conversation_of(shop.inboxes.get())
    assert second != first
    assert Conversation.objects.filter(project=shop).count() == 2
    assert chat.complaints == []
