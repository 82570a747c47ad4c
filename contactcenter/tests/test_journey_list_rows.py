"""The list of an agent's conversations: who, from where, what is new, what waits (R24–R28)."""

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from contactcenter.testing import arrivals, make_agent, make_customer, make_project, write
from contactcenter.tests.browsers import PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import broadcasts
from conversations.models import Contact, Conversation, Inbox, Message

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

LONG_ID = "web-" + "8F3K21" * 11


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def box(element: Locator) -> dict[str, Any]:
    found = element.bounding_box()
    assert found
    return dict(found)


def called(web: Inbox, name: str) -> Conversation:
    """Somebody of that name writes."""
    return write(web, make_customer(web, name)).conversation


def order(desk: Desk) -> list[str]:
    ids = desk.rows().evaluate_all("rows => rows.map((row) => row.id)")
    return [name.removeprefix("conversation-") for name in ids]


def test_r24_the_id_is_in_the_list_in_the_thread_and_whole_in_the_side_panel(
    desk: Desk, web: Inbox
) -> None:
    short, long = called(web, "Lucía"), make_customer(web, "Mateo")
    long.value = f"{LONG_ID}{short.pk.hex[:8]}"
    long.save()
    conversation = write(web, long).conversation
    expect(desk.row(short).get_by_test_id("conv-id")).to_have_text(short.identity.value)
    desk.open(conversation)
    in_list = desk.resting_row(conversation).get_by_test_id("conv-id")
    in_header = desk.page.locator("#thread header").get_by_test_id("conv-id")
    for place, within in ((in_list, ".list"), (in_header, ".talk > header")):
        expect(place).to_have_text(long.value)
        expect(place).to_have_attribute("title", long.value)
        assert place.evaluate("e => e.scrollWidth > e.clientWidth")  # it is cut …
        assert place.evaluate("e => getComputedStyle(e).textOverflow") == "ellipsis"
        end, edge = box(place), box(desk.page.locator(within))
        assert end["x"] + end["width"] <= edge["x"] + edge["width"]
    whole = desk.page.locator("#contact dd", has_text=LONG_ID)
    expect(whole).to_have_text(long.value)
    assert whole.evaluate("e => e.scrollWidth <= e.clientWidth")  # … and here it is not
    assert desk.overflow() == 0


def test_r25_names_are_text_and_the_newest_is_shown(desk: Desk, web: Inbox) -> None:
    names = ["<b>Ana</b> 🌷", "لوسيا فرنانديز", "Wolfeschlegelstein" * 6]
    conversations = [called(web, name) for name in names]
    nameless = called(web, "")
    for conversation, name in zip(conversations, names, strict=True):
        expect(desk.row(conversation).locator(".nm bdi")).to_have_text(name)
        assert box(desk.row(conversation).locator("time"))["width"] > 0
    assert desk.page.locator("#items b").count() == 0
    visitor = f"Visitor {nameless.identity.value[4:8]}"
    expect(desk.row(nameless).locator(".nm bdi")).to_have_text(visitor)
    desk.open(conversations[0])
    expect(desk.page.locator("#thread h1:visible")).to_have_text(names[0])
    expect(desk.page.locator("#contact h2")).to_have_text(names[0])
    desk.open(conversations[2])
    assert desk.overflow() == 0
    Contact.objects.filter(pk=nameless.contact_id).update(name="Lucía Fernández")
    write(web, nameless.identity, "That is my name")
    expect(desk.row(nameless).locator(".nm bdi")).to_have_text("Lucía Fernández")
    assert desk.complaints == []


def test_r26_the_channel_is_a_word_with_an_icon(desk: Desk, web: Inbox) -> None:
    other = make_project().inboxes.get()  # the same, told by another kind of channel
    theirs = {"project": web.project, "campaign": web.campaign, "media_rules": web.media_rules}
    Inbox.objects.filter(pk=other.pk).update(kind=Inbox.Kind.WHATSAPP, **theirs)
    other.refresh_from_db()
    for inbox, word, icon in ((web, "Web", "i-globe"), (other, "WhatsApp", "i-wa")):
        conversation = write(inbox, make_customer(web)).conversation
        expect(desk.row(conversation).locator("[data-channel]")).to_have_text(word)
        expect(desk.row(conversation).locator(f".{icon}")).to_be_visible()
        desk.open(conversation)
        for place in (desk.row(conversation), desk.page.locator("#thread header")):
            expect(place.get_by_test_id("conv-id")).to_have_text(conversation.identity.value)
        expect(desk.page.locator("#thread .who p")).to_contain_text(word)
        expect(desk.page.locator(f"#thread .who .{icon}")).to_be_visible()
        expect(desk.page.locator("#contact")).to_contain_text(word)


def test_r27_a_new_conversation_has_a_green_dot_left_of_the_name(desk: Desk, web: Inbox) -> None:
    (new,) = arrivals(web, 1)
    row = desk.row(new)
    dot, name = row.get_by_test_id("new-dot"), row.locator(".nm bdi")
    assert box(dot)["x"] + box(dot)["width"] < box(name)["x"]
    middle = box(dot)["y"] + box(dot)["height"] / 2
    assert box(name)["y"] < middle < box(name)["y"] + box(name)["height"]
    red, green, blue = dot.evaluate(
        "e => getComputedStyle(e).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)"
    )
    assert green > red and green > blue
    expect(row.get_by_role("link")).to_have_accessible_name(re.compile(r"New\. Lucía"))
    write(web, new.identity, "Are you there?")  # new and unread: the dot, no number yet
    expect(row).to_have_attribute("data-unread", "2")
    expect(row.locator(".count")).to_have_count(0)
    desk.open(new)
    desk.page.keyboard.press("Escape")
    (second,) = arrivals(web, 1)
    desk.open(second)
    write(web, new.identity, "Hello?")  # opened once: now it has a number, and no dot
    expect(row.locator(".count")).to_have_text("1")
    expect(dot).to_have_count(0)
    expect(row.get_by_role("link")).to_have_accessible_name(re.compile("1 unread message"))


def test_r28_opening_removes_the_dot_in_every_tab_and_for_good(
    desk: Desk, web: Inbox, stack: Stack
) -> None:
    first, second = arrivals(web, 2)
    other = Desk(desk.page.context, stack.other_url, desk.agent)
    other.page.goto(desk.page.url)
    other.wait_for_line()
    for each in (desk, other):
        expect(each.page.get_by_test_id("new-dot")).to_have_count(2)  # in view is not opened
    desk.open(first)
    for each in (desk, other):
        expect(each.row(first).get_by_test_id("new-dot")).to_have_count(0)
        expect(each.row(second).get_by_test_id("new-dot")).to_be_visible()
    desk.row(second).locator("a").focus()
    desk.page.keyboard.press("Enter")  # by keyboard
    expect(other.page.get_by_test_id("new-dot")).to_have_count(0)
    desk.page.reload()
    desk.wait_for_line()
    expect(desk.rows()).to_have_count(2)
    expect(desk.page.get_by_test_id("new-dot")).to_have_count(0)


def test_a_customer_who_waits_for_an_answer_is_amber_with_the_minutes(
    desk: Desk, web: Inbox
) -> None:
    late, answered = arrivals(web, 2)
    for conversation, minutes in ((late, 9), (answered, 9)):
        ago = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=minutes, seconds=5)
        Message.objects.filter(conversation=conversation).update(created_at=ago)
    write(web, late.identity, "Are you there?")  # still since the first one nobody answered
    desk.open(answered)
    desk.answer("Here I am")
    expect(desk.bubble("Here I am")).to_have_attribute("data-seq", "2")
    expect(desk.row(late).locator(".tag.warn")).to_have_text("9 min")
    expect(desk.row(answered).locator(".tag.warn")).to_have_count(0)
    ago = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=2)
    write(web, answered.identity, "Thank you")
    Message.objects.filter(conversation=answered, seq=3).update(created_at=ago)
    broadcasts.show_conversation(answered, desk.agent.pk)
    expect(desk.row(answered).locator(".tag.warn")).to_be_hidden()  # not yet


def test_the_list_is_newest_first_and_does_not_move_under_the_pointer(
    desk: Desk, web: Inbox
) -> None:
    one, two, three = (str(each.pk) for each in arrivals(web, 3))
    expect(desk.rows()).to_have_count(3)
    assert order(desk) == [three, two, one]
    desk.row(three).hover()
    write(web, Conversation.objects.get(pk=one).identity, "Me first")
    expect(desk.row(one)).to_contain_text("Me first")
    (new,) = arrivals(web, 1)
    expect(desk.row(new)).to_be_visible()
    assert order(desk) == [three, two, one, str(new.pk)]
    desk.page.mouse.move(900, 500)
    expect(desk.rows().first).to_have_id(f"conversation-{new.pk}")
    assert order(desk) == [str(new.pk), one, three, two]
    desk.page.get_by_label("Filter by name or ID").fill("nobody of that name")
    expect(desk.page.locator(".unmatched")).to_contain_text("Nobody matches")
    desk.page.get_by_role("button", name="Clear filter").click()
    expect(desk.row(one)).to_be_visible()
    expect(desk.page.get_by_label("Filter by name or ID")).to_be_focused()


def test_on_the_phone_the_rows_are_whole_and_large_enough(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    ana = make_agent(web.project, "Ana")
    desk = Desk(someone(viewport=PHONE, has_touch=True), stack.url, ana).sign_in()
    desk.accept()
    conversation = called(web, "Wolfeschlegelstein" * 6)
    assert box(desk.row(conversation))["height"] >= 44
    expect(desk.row(conversation).get_by_test_id("new-dot")).to_be_visible()
    assert desk.overflow() == 0
