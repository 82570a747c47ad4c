"""axe finds nothing, and nothing is wider than the window, in every state of a customer's chat."""

import re

import pytest
from playwright.sync_api import expect

from contactcenter.testing import make_project, order_status
from contactcenter.tests.browsers import DESKTOP, Chat
from contactcenter.tests.chatting import (
    Tapped,
    answer,
    conversation_of,
    ready_agent,
    shop_with_form,
    vanish,
)
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import attending, closing, inbound, routing

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

NARROW = {"width": 320, "height": 640}
LOOKS = [
    pytest.param(DESKTOP, "light", "en", id="1440-light-en"),
    pytest.param(NARROW, "dark", "es", id="320-dark-es"),
]
everywhere = pytest.mark.parametrize(("viewport", "scheme", "language"), LOOKS)
LONG = "Where is my lamp? https://shop.example/" + "x" * 300


def assert_fine(chat: Chat, where: str) -> None:
    assert chat.axe() == [], where
    assert chat.overflow() == 0, where


@everywhere
def test_the_form_and_a_chat_from_beginning_to_end(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    shop, fields = shop_with_form()
    context = someone(viewport=viewport, color_scheme=scheme)
    line = Tapped(context)
    chat = Chat(context, stack.url, shop.inboxes.get(), language)
    page = chat.page
    name, email, _phone = (page.locator(f"#field-{field.pk}") for field in fields)
    expect(name).to_be_focused()
    assert_fine(chat, "form")
    email.fill("nowhere")
    email.press("Enter")
    expect(page.locator(".err:visible")).to_have_count(2)
    assert_fine(chat, "form, refused")
    name.fill("Lucía")
    email.fill("lucia@example.com")
    email.press("Enter")
    expect(chat.box).to_be_focused()
    assert_fine(chat, "new")
    chat.write(LONG)
    expect(page.locator("queue-card .qcard")).to_be_visible()
    line.push(type="queue", position=12, wait=[120, 300])
    expect(page.locator("queue-card [data-part=wait]")).to_contain_text(re.compile("2.+5"))
    assert_fine(chat, "waiting")
    page.locator('[data-action="end"]').click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_fine(chat, "leaving")
    page.keyboard.press("Escape")
    conversation = conversation_of(shop.inboxes.get())
    ana = ready_agent(shop)
    routing.fill(shop.pk)
    expect(page.locator(".joined")).to_be_visible()
    attending.read(agent=ana, conversation=conversation, seq=1)
    expect(page.locator('.msg[data-state="read"]')).to_have_count(1)
    for number in range(8):
        answer(conversation, f"Answer {number}\n\n{LONG}")
    expect(chat.bubble("Answer 7")).to_be_in_viewport()
    attending.typing(agent=ana, conversation=conversation)
    expect(page.locator("[data-part=typing]")).to_be_visible()
    assert_fine(chat, "joined, typing, read")
    page.locator("chat-thread").hover()
    page.mouse.wheel(0, -900)
    expect(chat.bubble("Answer 7")).not_to_be_in_viewport()
    answer(conversation, "One more")
    expect(page.locator("new-messages button")).to_be_visible()
    assert_fine(chat, "new messages below")
    page.locator("new-messages button").click()
    page.locator('[data-action="end"]').click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_fine(chat, "ending")
    page.get_by_role("dialog").locator(".danger").click()
    expect(page.locator(".sys")).to_be_visible()
    assert_fine(chat, "left")
    closing.end(agent=ana, conversation=conversation, typification=order_status(shop))
    expect(page.locator("chat-closing [data-part=ended]")).to_be_visible()
    assert_fine(chat, "ended")
    chat.write("One more thing")
    expect(page.locator(".day")).to_be_visible()
    assert_fine(chat, "a new chat below the old one")


@pytest.mark.breaks_promises  # spans that were made older by hand
@everywhere
def test_waiting_again_leaving_and_every_trouble(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    shop = make_project()
    context = someone(viewport=viewport, color_scheme=scheme)
    line = Tapped(context)
    chat = Chat(context, stack.url, shop.inboxes.get(), language)
    page = chat.page
    ana = ready_agent(shop)
    chat.write(LONG)
    expect(page.locator(".joined")).to_be_visible()
    conversation = conversation_of(shop.inboxes.get())
    vanish(ana)
    expect(page.locator(".sys")).to_be_visible()
    assert_fine(chat, "returned")
    page.reload()
    expect(page.locator('[data-notice="resumed"]')).to_be_visible()
    assert_fine(chat, "resumed")
    chat.write("x" * 4200)
    expect(page.locator(".counter")).to_be_visible()
    assert_fine(chat, "too long")
    chat.box.fill("")
    context.set_offline(True)
    chat.write("while offline")
    expect(page.locator('chat-panel[data-line="lost"] .when.offline:visible')).to_be_visible()
    assert_fine(chat, "offline")
    context.set_offline(False)
    expect(chat.bubble("while offline")).to_have_attribute("data-state", "sent")
    line.refuse(1, "too_fast")
    chat.write("too fast")
    expect(page.locator('[data-notice="4429"]')).to_be_visible()
    assert_fine(chat, "too fast")
    expect(chat.bubble("too fast")).to_have_attribute("data-state", "sent")
    line.refuse(1, "empty", "There is nothing in this message.")
    chat.write("refused")
    expect(chat.bubble("refused")).to_have_attribute("data-state", "failed")
    assert_fine(chat, "refused text")
    line.close(1012)
    expect(page.locator('[data-notice="1012"]')).to_be_visible()
    assert_fine(chat, "restarting")
    expect(page.locator("chat-header .spin")).to_be_hidden()
    inbound.leave(conversation=conversation)
    expect(page.locator("chat-closing [data-part=ended]")).to_be_visible()
    assert_fine(chat, "ended while waiting")
    for code in (4409, 4403):
        line.close(code)
        expect(page.locator(f'[data-notice="{code}"]')).to_be_visible()
        assert_fine(chat, str(code))
        page.reload()
        expect(page.locator("chat-header .spin")).to_be_hidden()
    page.goto(f"{stack.url}/webchat/no-such-chat/?lang={language}")
    assert_fine(chat, "no such chat")
