"""What the server will not take or cannot do now: said in a sentence, and no text is lost."""

import re

import pytest
from playwright.sync_api import expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import make_project
from contactcenter.tests.browsers import Chat
from contactcenter.tests.chatting import Tapped, conversation_of
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Message

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (1012, "The chat restarts and is back in a moment. What you write is kept"),
        (4429, "That was a lot at once. What you wrote is kept and sent in a moment."),
    ],
)
def test_a_line_closed_for_a_moment_comes_back_with_what_was_typed(
    stack: Stack, someone: NewContext, code: int, sentence: str
) -> None:
    shop = make_project()
    context = someone()
    line = Tapped(context)
    chat = Chat(context, stack.url, shop.inboxes.get())
    chat.write("before")
    expect(chat.bubble("before")).to_have_attribute("data-state", "sent")
    chat.box.fill("half a sent")
    line.close(code)
    notice = chat.page.get_by_role("status").filter(has_text=sentence)
    expect(notice).to_be_visible()
    chat.write("meanwhile")
    expect(chat.bubble("meanwhile")).to_have_attribute("data-state", "sent")
    expect(notice).to_be_hidden()
    assert conversation_of(shop.inboxes.get()).messages.count() == 2
    assert chat.complaints == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (4403, "This chat is not allowed on this page."),
        (4404, "This chat does not exist or is closed."),
    ],
)
def test_where_there_is_no_chat_nobody_tries_again(
    stack: Stack, someone: NewContext, code: int, sentence: str
) -> None:
    context = someone()
    line = Tapped(context)
    chat = Chat(context, stack.url, make_project().inboxes.get())
    expect(chat.page.locator("chat-header .spin")).to_be_hidden()
    line.close(code)
    expect(chat.page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
    expect(chat.box).to_be_hidden()
    chat.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(chat.page.locator("chat-header .spin")).to_be_hidden()
    assert len(line.sockets) == 1
    assert chat.complaints == []


def test_the_sixth_page_takes_the_chat_and_the_first_can_have_it_back(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    context = someone()
    pages = [Chat(context, stack.url, shop.inboxes.get())]
    pages[0].write("before")
    expect(pages[0].bubble("before")).to_have_attribute("data-state", "sent")
    for _ in range(5):
        pages.append(Chat(context, stack.url, shop.inboxes.get()))
        expect(pages[-1].bubble("before")).to_be_visible()

    def replaced() -> list[Chat]:
        return [chat for chat in pages if chat.page.get_by_text("open in another").is_visible()]

    wait_until(lambda: replaced() != [], 10)
    (chat,) = replaced()
    chat.write("kept meanwhile")
    expect(chat.bubble("kept meanwhile")).to_contain_text("Sends when you are back online")
    chat.page.get_by_role("button", name="Use here").click()
    expect(chat.bubble("kept meanwhile")).to_have_attribute("data-state", "sent")
    assert Message.objects.filter(conversation__project=shop).count() == 2


def test_texts_that_come_too_fast_go_out_a_moment_later_in_their_order(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    context = someone()
    line = Tapped(context)
    chat = Chat(context, stack.url, shop.inboxes.get())
    line.refuse(2, "too_fast")
    for text in ("one", "two", "three"):
        chat.write(text)
    notice = chat.page.get_by_role("status").filter(has_text="That was a lot at once.")
    expect(notice).to_be_visible()
    expect(chat.page.locator('.msg[data-state="sent"]')).to_have_count(3)
    expect(notice).to_be_hidden()
    mine = Message.objects.filter(conversation__project=shop).order_by("seq")
    assert [message.text for message in mine] == ["one", "two", "three"]
    assert chat.complaints == []


def test_a_text_too_long_stays_in_the_box_and_says_so(stack: Stack, someone: NewContext) -> None:
    chat = Chat(someone(), stack.url, make_project().inboxes.get())
    chat.write("x" * 4097)
    expect(chat.page.locator("chat-composer [data-part=alert]")).to_have_text(
        re.compile(r"4,097 of 4,096 characters\. Shorten the text")
    )
    expect(chat.box).to_have_value("x" * 4097)
    assert chat.complaints == []


def test_a_text_the_server_refuses_stays_with_the_reason(stack: Stack, someone: NewContext) -> None:
    shop = make_project()
    context = someone()
    line = Tapped(context)
    chat = Chat(context, stack.url, shop.inboxes.get())
    context.set_offline(True)
    chat.write("\x00")  # nothing once it is cleaned
    context.set_offline(False)
    refused = chat.page.locator('.msg[data-state="failed"]')
    expect(refused).to_contain_text("Not sent. There is nothing in this message.")
    expect(refused.get_by_role("button", name="Try again")).to_be_visible()
    assert len(line.sockets) >= 1
