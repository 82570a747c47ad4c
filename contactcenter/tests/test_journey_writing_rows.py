"""What is being written (R33, P-10): kept, sent once, or said why not."""

import re

import pytest
from playwright.sync_api import Route, expect

from contactcenter.testing import (
    arrivals,
    make_project,
)
from contactcenter.tests.browsers import Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from contactcenter.tests.test_journey_thread_rows import sent_by
from conversations.models import Conversation, Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def lines(desk: Desk) -> list[int]:
    """The numbers of the bubbles, from top to bottom."""
    texts = desk.page.locator("#thread .bub").all_inner_texts()
    return [int(number) for text in texts if (number := text.removeprefix("Number ").rstrip("."))]


def test_r33_what_ana_writes_is_there_at_once_and_reaches_lucia_as_she_wrote_it(
    desk: Desk, web: Inbox, stack: Stack, someone: NewContext
) -> None:
    chat = Chat(someone(), stack.other_url, web)
    chat.write("Is this safe? https://shop.example/a?b=1. <img src=x onerror=alert(1)>")
    expect(desk.rows()).to_have_count(1)
    conversation = Conversation.objects.get(project=web.project)
    desk.open(conversation)
    theirs = desk.bubble("Is this safe?").locator(".bub")
    expect(theirs).to_contain_text("<img src=x onerror=alert(1)>")
    expect(theirs.locator("img")).to_have_count(0)
    link = theirs.get_by_role("link")
    expect(link).to_have_text("https://shop.example/a?b=1")
    expect(link).to_have_attribute("href", "https://shop.example/a?b=1")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    box = desk.page.locator("#thread textarea")
    for blank in ("", "   ", "\n \n"):
        box.fill(blank)
        desk.page.get_by_role("button", name="Send").click()
    box.fill("")
    box.press_sequentially("<b>Yes</b>")
    box.press("Shift+Enter")
    box.press_sequentially("see http://shop.example")
    box.press("Enter")
    expect(box).to_have_value("")
    mine = desk.bubble("<b>Yes</b>")
    expect(mine).to_have_attribute("data-seq", "2")  # the first of Ana's: nothing blank went out
    expect(mine.get_by_role("link")).to_have_attribute("href", "http://shop.example/")
    expect(chat.bubble("<b>Yes</b>")).to_be_visible(timeout=2000)
    assert sent_by(desk, conversation) == ["<b>Yes</b>\nsee http://shop.example"]
    assert mine.locator(".bub").evaluate("e => e.clientHeight > 1.5 * 21")  # two lines
    assert desk.complaints == chat.complaints == []


def test_r33_the_limit_is_counted_near_it_and_kept(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    box, counter = desk.page.locator("#thread textarea"), desk.page.locator(".composer .left")
    box.fill("🌷" * 3895)
    expect(counter).to_have_text("")
    box.fill("🌷" * 4000)  # as the server counts: one each
    expect(counter).to_have_text("96 characters left")
    box.fill("🌷" * 4097)
    expect(counter).to_have_text("1 character too many")
    box.press("Enter")
    expect(box).to_have_value("🌷" * 4097)
    expect(desk.page.locator("#thread .msg.out")).to_have_count(0)
    box.fill("🌷" * 4096)
    box.press("Enter")
    expect(desk.bubble("🌷🌷")).to_have_attribute("data-seq", "2")
    assert sent_by(desk, conversation) == ["🌷" * 4096]


def test_r33_a_draft_survives_switching_a_reload_and_a_second_tab(
    desk: Desk, web: Inbox, stack: Stack
) -> None:
    one, two = arrivals(web, 2)
    desk.open(one)
    box = desk.page.locator("#thread textarea")
    box.fill("half a sent")
    desk.open(two)
    expect(box).to_have_value("")
    desk.open(one)
    expect(box).to_have_value("half a sent")
    desk.page.reload()
    desk.wait_for_line()
    expect(box).to_have_value("half a sent")
    other = Desk(desk.page.context, stack.url, desk.agent)  # storage belongs to the address
    other.page.goto(desk.page.url)
    other.wait_for_line()
    there = other.page.locator("#thread textarea")
    expect(there).to_have_value("half a sent")
    other.page.locator("#list-heading").click()
    box.fill("half a sentence")
    expect(there).to_have_value("half a sentence")
    box.press("Enter")
    expect(there).to_have_value("")
    expect(other.bubble("half a sentence")).to_be_visible()
    desk.page.reload()
    expect(box).to_have_value("")
    assert sent_by(desk, one) == ["half a sentence"]


def test_r33_offline_it_says_sending_and_goes_out_once(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    desk.page.context.set_offline(True)
    for text in ("first", "second"):
        desk.answer(text)
        expect(desk.bubble(text)).to_contain_text("Sending")
    assert sent_by(desk, conversation) == []
    desk.page.context.set_offline(False)
    expect(desk.bubble("second")).to_have_attribute("data-seq", "3")
    expect(desk.bubble("second")).not_to_contain_text("Sending")
    assert sent_by(desk, conversation) == ["first", "second"]
    expect(desk.page.locator("#thread .msg")).to_have_count(3)


def test_r33_an_answer_lost_on_the_way_back_makes_no_second_message(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    tries = []

    def lose(route: Route) -> None:
        tries.append(route.request.post_data)
        route.fetch()  # the server stores it …
        route.abort() if len(tries) == 1 else route.continue_()

    desk.page.route("**/messages/", lose)
    desk.page.context.set_offline(False)
    desk.answer("only once")
    desk.page.reload()  # what is left in the outbox goes out again
    desk.wait_for_line()
    expect(desk.bubble("only once")).to_have_attribute("data-seq", "2")
    expect(desk.bubble("only once")).not_to_contain_text("Sending")
    expect(desk.bubble("only once")).to_have_count(1)
    assert sent_by(desk, conversation) == ["only once"]


def test_r33_what_is_refused_says_so_and_can_be_tried_again(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    context = desk.page.context
    (token,) = [cookie for cookie in context.cookies() if cookie["name"] == "csrftoken"]
    context.clear_cookies(name="csrftoken")  # the server refuses a post without it
    desk.answer("please")
    failed = desk.bubble("please")
    expect(failed).to_contain_text("Not sent.")
    expect(desk.page.get_by_role("alert").filter(has_text="A message was not sent.")).to_have_count(
        1
    )
    assert sent_by(desk, conversation) == []
    context.add_cookies([token])  # type: ignore[list-item]
    failed.get_by_role("button", name="Try again").click()
    expect(failed).to_have_attribute("data-seq", "2")
    expect(failed).not_to_contain_text("Not sent.")
    assert sent_by(desk, conversation) == ["please"]
