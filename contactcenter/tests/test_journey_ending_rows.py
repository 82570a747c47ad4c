"""Rows R52 (the ending's part), R56 and R57 of the requirements: a conversation ends, and the
next person comes in."""

import re

import pytest
from playwright.sync_api import expect

from contactcenter.testing import arrivals, make_agent, make_project, order_status, write
from contactcenter.tests.browsers import DESKTOP, PHONE, Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Conversation, QueueEntry

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
SOON = 3_000  # ms for what follows a change on another screen; figures come once a second


@pytest.mark.parametrize(
    ("viewport", "language"), [(DESKTOP, "en"), (PHONE, "es")], ids=["1440-en", "390-es"]
)
def test_r52_end_conversation_stands_at_the_top_right_of_the_thread(
    stack: Stack, someone: NewContext, viewport: dict[str, int], language: str
) -> None:
    """The same name on the phone, in the same corner; without a thread it is not there."""
    shop = make_project()
    desk = Desk(someone(viewport=viewport), stack.url, make_agent(shop, language=language))
    desk.sign_in().accept()
    (conversation,) = arrivals(shop.inboxes.get(), 1)
    expect(desk.row(conversation)).to_be_visible()
    expect(desk.page.get_by_test_id("end")).to_have_count(0)
    desk.open(conversation)
    end = desk.page.get_by_role("button", name=desk.words["end"])
    expect(end).to_have_attribute("data-testid", "end")
    button, thread, name = (
        place.bounding_box()
        for place in (end, desk.page.locator("#thread .talk"), desk.page.locator("#thread h1"))
    )
    assert button and thread and name
    assert button["x"] > name["x"] + name["width"]
    assert button["y"] < thread["y"] + 80
    assert thread["x"] + thread["width"] - button["x"] - button["width"] < 80
    assert min(button["height"], button["width"]) >= (44 if viewport == PHONE else 32)
    assert desk.overflow() == 0
    assert desk.complaints == []


def test_r56_the_customer_sees_the_end_and_who_writes_again_queues_again(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    desk = Desk(someone(), stack.url, make_agent(shop)).sign_in()
    desk.accept()
    chat = Chat(someone(), stack.other_url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    expect(desk.rows()).to_have_count(1)
    first = Conversation.objects.get(project=shop)
    desk.open(first)
    desk.stop()
    desk.page.get_by_test_id("end").click()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.get_by_text("You are not available: nobody takes this slot.")).to_be_visible()
    dialog.get_by_role("button", name="End conversation").click()  # a slip: nothing is chosen
    expect(dialog).to_be_visible()
    assert Conversation.objects.get(pk=first.pk).is_open
    dialog.get_by_label("Order status", exact=True).check()
    dialog.get_by_role("button", name="End conversation").click()
    expect(desk.row(first)).to_have_count(0)
    expect(chat.page.locator("chat-header")).to_contain_text(re.compile("Chat ended"))
    first.refresh_from_db()
    assert (first.ended_by, first.typification) == (desk.agent, order_status(shop))

    chat.page.get_by_role("button", name="Start a new chat").click()
    chat.write("It has not come")
    expect(desk.page.get_by_test_id("metric-queued")).to_have_text("1", timeout=SOON)
    again = Conversation.objects.filter(project=shop).latest("started_at")
    assert again != first
    assert QueueEntry.objects.filter(conversation=again, ended_at=None).exists()
    assert desk.complaints == chat.complaints == []


def test_r56_esc_gives_the_focus_back_to_a_row_that_was_renewed_meanwhile(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    desk = Desk(someone(), stack.url, make_agent(shop)).sign_in()
    desk.accept()
    (conversation,) = arrivals(shop.inboxes.get(), 1)
    desk.open(conversation)
    desk.page.keyboard.press("Escape")
    link = desk.row(conversation).locator("a")
    expect(link).to_be_focused()
    desk.page.keyboard.press("e")
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.get_by_role("searchbox", name="Search typifications")).to_be_focused()
    write(shop.inboxes.get(), conversation.identity, "One more thing")
    expect(link).to_contain_text("One more thing")
    desk.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_r56_the_keyboard_alone_ends_it(stack: Stack, someone: NewContext) -> None:
    """E opens, Esc gives the focus back, typing searches, arrows choose, a comment is asked for."""
    shop = make_project()
    desk = Desk(someone(), stack.url, make_agent(shop)).sign_in()
    desk.accept()
    (conversation,) = arrivals(shop.inboxes.get(), 1)
    desk.open(conversation)
    keys, dialog = desk.page.keyboard, desk.page.get_by_role("dialog")
    link = desk.row(conversation).locator("a")
    keys.press("Escape")
    expect(link).to_be_focused()
    keys.press("e")
    search = dialog.get_by_role("searchbox", name="Search typifications")
    expect(search).to_be_focused()
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()

    keys.press("e")
    expect(search).to_be_focused()
    keys.type("nothing like it")
    expect(dialog.get_by_text("No typification matches.")).to_be_visible()
    search.fill("")
    keys.type("órd")  # the group's name, without case and accents
    expect(dialog.get_by_role("radio")).to_have_count(2)
    keys.press("ArrowDown")
    expect(dialog.get_by_role("radio", name="Complaint")).to_be_focused()
    keys.press("ArrowDown")
    expect(dialog.get_by_role("radio", name="Order status")).to_be_checked()
    keys.press("ArrowUp")
    keys.press("Enter")
    note = dialog.get_by_role("textbox", name=re.compile("Note"))
    expect(dialog.get_by_role("alert")).to_contain_text("asks for a comment")
    expect(note).to_be_focused()
    expect(dialog.get_by_role("radio", name="Complaint")).to_be_checked()
    keys.type("The lamp came broken")
    keys.press("Enter")
    expect(dialog).to_be_hidden()
    expect(desk.row(conversation)).to_have_count(0)
    conversation.refresh_from_db()
    assert (str(conversation.typification), conversation.comment) == (
        "Complaint",
        "The lamp came broken",
    )
    (refused,) = desk.complaints
    assert "status of 422" in refused  # the browser's own word for the missing comment


def test_r56_ended_in_one_tab_it_is_read_only_in_the_other(
    stack: Stack, someone: NewContext
) -> None:
    """With both dialogs open: one ends it, the other is told."""
    shop = make_project()
    context = someone()
    first = Desk(context, stack.url, make_agent(shop)).sign_in()
    first.accept()
    (conversation,) = arrivals(shop.inboxes.get(), 1)
    first.open(conversation)
    second = Desk(context, stack.other_url, first.agent)
    second.page.goto(first.page.url)
    second.wait_for_line()
    for desk in (first, second):
        desk.page.get_by_test_id("end").click()
        desk.page.get_by_role("dialog").get_by_label("Order status", exact=True).check()
    first.page.get_by_role("dialog").get_by_role("button", name="End conversation").click()
    expect(second.row(conversation)).to_have_count(0)
    over = "This conversation has ended. If the customer writes again, a new one begins."
    expect(second.page.locator("#thread .composer")).to_have_text(over)
    expect(second.page.get_by_test_id("end")).to_be_hidden()
    second.page.get_by_role("dialog").get_by_role("button", name="End conversation").click()
    expect(second.page.get_by_role("dialog")).to_be_hidden()
    expect(second.page.locator("toast-stack")).to_contain_text("over or with somebody else by now")
    second.page.keyboard.press("e")
    expect(second.page.get_by_role("dialog")).to_be_hidden()
    assert Conversation.objects.get(pk=conversation.pk).ended_by == first.agent
    assert first.complaints == []


def test_r57_the_next_person_takes_the_slot(stack: Stack, someone: NewContext) -> None:
    """6 / 6 and 1 waiting, an end: 6 / 6 and 0. Not accepting: 5 / 6 and 1. Nobody waits: 5 / 6."""
    shop = make_project()
    desk = Desk(someone(), stack.url, make_agent(shop)).sign_in()
    desk.accept()
    *six, seventh = arrivals(shop.inboxes.get(), 7)
    slots, queued = (desk.page.get_by_test_id(name) for name in ("slots", "metric-queued"))
    expect(slots).to_have_text("6 / 6")
    expect(queued).to_have_text("1", timeout=SOON)
    desk.open(six[0])
    desk.end()
    toasts = desk.page.locator("toast-stack")
    expect(toasts).to_contain_text("Lucía is in this slot now.")
    expect(desk.row(seventh)).to_be_visible(timeout=1000)
    expect(slots).to_have_text("6 / 6")
    expect(queued).to_have_text("0", timeout=SOON)
    toasts.get_by_role("link", name="Open").click()
    expect(desk.page.locator("#thread")).to_have_attribute("data-conversation", str(seventh.pk))

    desk.stop()
    eighth = write(shop.inboxes.get()).conversation
    expect(queued).to_have_text("1", timeout=SOON)
    desk.end()
    expect(slots).to_have_text("5 / 6")
    expect(desk.row(eighth)).to_have_count(0)
    desk.accept()
    expect(desk.row(eighth)).to_be_visible()
    desk.open(eighth)
    desk.end()
    expect(slots).to_have_text("5 / 6")
    expect(queued).to_have_text("0", timeout=SOON)
    assert desk.complaints == []
