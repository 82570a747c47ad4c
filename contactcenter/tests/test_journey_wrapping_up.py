"""After an end: a moment to finish; and a customer who went silent."""

import datetime as dt
import re
import uuid

import pytest
from django.db.models import F
from playwright.sync_api import expect

from agents.models import Agent, Campaign
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import arrivals, make_agent, make_project
from contactcenter.tests.browsers import PHONE, Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import outbound, silence
from conversations.models import Conversation, Inbox, Message, WrapUp

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
SECONDS = {"long": dt.timedelta(minutes=10), "short": dt.timedelta(seconds=8)}


@pytest.fixture
def web(committed: None) -> Inbox:
    """One slot each, ten minutes to finish."""
    inbox = make_project(capacity=1).inboxes.get()
    Campaign.objects.filter(pk=inbox.campaign_id).update(wrap_up=SECONDS["long"])
    return inbox


def test_the_slot_stays_taken_until_ready_in_every_tab(
    desk: Desk, web: Inbox, stack: Stack
) -> None:
    other = Desk(desk.page.context, stack.other_url, desk.agent)
    other.page.goto(desk.page.url)
    other.wait_for_line()
    first, second = arrivals(web, 2)
    desk.open(first)
    desk.page.get_by_test_id("end").click()
    expect(desk.page.get_by_role("dialog")).to_contain_text("your slot stays taken until Ready")
    desk.page.keyboard.press("Escape")
    desk.end()
    for each in (desk, other):
        row = each.page.get_by_test_id("wrap-up")
        expect(row).to_contain_text(re.compile(r"Wrapping up Lucía\s*(10:00|9:5\d)"))
        expect(each.page.get_by_test_id("slots")).to_have_text("1 / 1")
        expect(each.rows()).to_have_count(0)
    clock = other.page.get_by_test_id("wrap-up").locator("running-time")
    before = clock.inner_text()
    expect(clock).not_to_have_text(before)
    desk.page.reload()
    desk.wait_for_line()
    desk.page.get_by_test_id("ready").click()
    for each in (desk, other):
        expect(each.page.get_by_test_id("wrap-up")).to_have_count(0)
        expect(each.row(second)).to_be_visible()
    assert desk.complaints == other.complaints == []


def test_when_the_time_is_over_the_next_one_comes_in_at_once(desk: Desk, web: Inbox) -> None:
    """By the bell, not by the clock that looks every ten seconds."""
    Campaign.objects.filter(pk=web.campaign_id).update(wrap_up=SECONDS["short"])
    first, second = arrivals(web, 2)
    desk.open(first)
    desk.end()
    expect(desk.page.get_by_test_id("wrap-up")).to_be_visible()
    assert desk.axe() == []
    expect(desk.row(second)).to_be_visible(timeout=20_000)
    expect(desk.page.get_by_test_id("wrap-up")).to_have_count(0)
    late = [w.ended_at - w.due_at for w in WrapUp.objects.filter(agent=desk.agent)]
    assert late < [dt.timedelta(seconds=5)]


def test_ready_on_the_phone_and_by_keyboard(stack: Stack, someone: NewContext, web: Inbox) -> None:
    ana = make_agent(web.project, "Ana")
    desk = Desk(someone(viewport=PHONE, has_touch=True), stack.url, ana).sign_in()
    desk.accept()
    first, second = arrivals(web, 2)
    desk.open(first)
    desk.end()
    desk.page.locator(".backb").click()
    button = desk.page.get_by_test_id("ready")
    box = button.bounding_box()
    assert box
    assert box["height"] >= 44
    assert desk.overflow() == 0
    assert desk.axe() == []
    button.focus()
    desk.page.keyboard.press("Enter")
    expect(desk.row(second)).to_be_visible()
    expect(desk.page.get_by_test_id("wrap-up")).to_have_count(0)


def answered(web: Inbox, agent: Agent) -> Conversation:
    conversation = Conversation.objects.select_related("contact", "identity").get(
        project=web.project, ended_at=None
    )
    outbound.send(agent=agent, conversation=conversation, client_id=uuid.uuid4(), text="Which one?")
    return conversation


def time_passes(conversation: Conversation, minutes: int) -> None:
    past = dt.timedelta(minutes=minutes)
    Message.objects.filter(conversation=conversation).update(created_at=F("created_at") - past)


def test_a_silent_customer_is_warned_then_let_go_and_both_see_why(
    desk: Desk, web: Inbox, stack: Stack, someone: NewContext
) -> None:
    chat = Chat(someone(), stack.url, web, "es")
    chat.write("¿Dónde está mi lámpara?")
    expect(desk.rows()).to_have_count(1)
    conversation = answered(web, desk.agent)
    desk.open(conversation)
    Campaign.objects.filter(pk=web.campaign_id).update(
        silent_after=dt.timedelta(minutes=10), silent_end_after=dt.timedelta(minutes=5)
    )
    time_passes(conversation, 11)
    wait_until(lambda: silence.warn() or has_event(conversation, "silent"), 20)
    expect(desk.page.locator("#thread .sys", has_text="Are you still there?")).to_be_visible()
    expect(chat.page.locator(".sys").last).to_be_visible()
    time_passes(conversation, 6)
    wait_until(lambda: silence.end() or has_ended(conversation), 20)
    expect(desk.page.locator("toast-stack")).to_contain_text("went silent")
    expect(desk.rows()).to_have_count(0)
    expect(desk.page.locator("#thread .composer.closed")).to_be_visible()
    closing = chat.page.locator("chat-closing")
    sentence = closing.get_attribute("data-inactive") or ""
    expect(closing).to_contain_text(sentence.split("{time}")[1])
    chat.page.reload()
    expect(chat.page.locator("chat-closing")).to_contain_text(sentence.split("{time}")[1])
    chat.write("Aquí estoy")
    wait_until(
        lambda: Conversation.objects.filter(project=web.project).count() == 2, 10
    )  # a new one
    expect(desk.rows()).to_have_count(1)


def has_event(conversation: Conversation, event: str) -> bool:
    return Message.objects.filter(conversation=conversation, event=event).exists()


def has_ended(conversation: Conversation) -> bool:
    return not Conversation.objects.get(pk=conversation.pk).is_open
