"""The focus and the list: whatever arrives, the hands stay where they are."""

import re

import pytest
from playwright.sync_api import Page, expect

from contactcenter.testing import called, make_project, order_status, write
from contactcenter.tests.browsers import Desk
from conversations import broadcasts, closing, staffing
from conversations.models import Conversation, Identity, Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
FOCUSED = "document.activeElement.closest('[id]').id"


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def order(desk: Desk) -> list[str]:
    return [
        str(item.get_attribute("id")).removeprefix("conversation-") for item in desk.rows().all()
    ]


def ask_anew(desk: Desk) -> None:
    """The whole screen comes again, as after a lost line."""
    with desk.page.expect_response(lambda answer: "/refresh/" in answer.url):
        broadcasts.ask_anew([desk.agent.pk])


def test_what_arrives_leaves_the_box_the_row_and_the_dialog_their_focus(
    desk: Desk, web: Inbox
) -> None:
    first, second = called(web, "Lucía", "Mateo")
    desk.open(first)
    page, box = desk.page, desk.page.locator("#thread textarea")
    box.press_sequentially("half a s")
    say(desk, web, first.identity, "Are you there?")
    ask_anew(desk)
    box.press_sequentially("entence")
    expect(box).to_be_focused()
    expect(box).to_have_value("half a sentence")
    desk.row(second).locator("a").focus()
    say(desk, web, second.identity, "Hello?")
    assert page.evaluate(FOCUSED) == f"conversation-{second.pk}"
    ask_anew(desk)
    expect(desk.row(second).locator("a")).to_be_focused()
    page.keyboard.press("e")
    search = page.get_by_label("Search typifications")
    expect(search).to_be_focused()
    search.press_sequentially("order")
    say(desk, web, first.identity, "I am still here")
    ask_anew(desk)
    expect(search).to_be_focused()
    expect(search).to_have_value("order")


def say(desk: Desk, web: Inbox, who: Identity, text: str) -> None:
    """They write, and Ana's list shows it."""
    conversation = write(web, who, text).conversation
    expect(desk.row(conversation)).to_contain_text(text)


def test_the_row_that_leaves_hands_its_focus_to_the_next_one(desk: Desk, web: Inbox) -> None:
    """In Ana's other tab each is ended; the last one's focus goes to the thread's place."""
    called(web, "Lucía", "Mateo", "Renata")
    expect(desk.rows()).to_have_count(3)
    first, second, third = order(desk)
    desk.row(second).locator("a").focus()
    for gone, next_one in ((second, third), (third, first)):
        drop(desk, gone)
        expect(desk.row(next_one).locator("a")).to_be_focused()
    drop(desk, first)
    expect(desk.page.locator("#thread")).to_be_focused()


def drop(desk: Desk, conversation: str) -> None:
    ended = Conversation.objects.get(pk=conversation)
    closing.end(
        agent=desk.agent, conversation=ended, typification=order_status(ended.project), comment=""
    )
    expect(desk.row(conversation)).to_have_count(0)


@pytest.mark.parametrize("where", ["under the pointer", "with the focus inside"])
def test_a_list_asked_for_anew_does_not_move_either(desk: Desk, web: Inbox, where: str) -> None:
    """After a lost line the whole list comes in the server's order."""
    called(web, "Lucía", "Mateo", "Renata")
    expect(desk.rows()).to_have_count(3)
    before = order(desk)
    row = desk.row(before[0])
    if where == "under the pointer":
        row.hover()
    else:
        row.locator("a").focus()
    oldest = Conversation.objects.get(pk=before[-1])
    write(web, oldest.identity, "Me first")
    ask_anew(desk)
    expect(desk.row(oldest)).to_contain_text("Me first")
    assert order(desk) == before
    if where == "under the pointer":
        desk.page.mouse.move(900, 500)
    else:
        expect(row.locator("a")).to_be_focused()
        desk.page.locator("[data-filter] input").focus()
    expect(desk.rows().first).to_have_id(f"conversation-{oldest.pk}")
    assert order(desk) == [before[-1], *before[:-1]]


def test_a_draft_and_its_cursor_stay_when_the_theme_changes(desk: Desk, web: Inbox) -> None:
    (lucia,) = called(web, "Lucía")
    desk.open(lucia)
    box = desk.page.locator("#thread textarea")
    box.press_sequentially("half a s")
    staffing.prefer(agent=desk.agent, language="en", theme="dark")
    expect(desk.page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(box).to_be_focused()
    expect(box).to_have_value("half a s")
    assert is_dark(desk.page)


def is_dark(page: Page) -> bool:
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in re.findall(r"\d+", color)[:3]) < 200
