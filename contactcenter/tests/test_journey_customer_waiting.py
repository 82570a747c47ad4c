"""Waiting: the place, how long it may take, leaving it, and coming back to it."""

import datetime as dt
import re

import pytest
from django.db.models import F
from playwright.sync_api import expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import arrivals, make_project, order_status
from contactcenter.tests.browsers import Chat
from contactcenter.tests.chatting import Tapped, conversation_of, ready_agent, vanish
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import closing, inbound, routing
from conversations.models import Assignment

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


def test_the_place_moves_up_and_is_not_read_aloud_at_every_step(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    first, second = arrivals(shop.inboxes.get(), 2)
    context = someone()
    context.clock.install()
    chat = Chat(context, stack.url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    card = chat.page.locator("queue-card .qcard")
    spoken = chat.page.locator("queue-card [role=status]")
    expect(card).to_contain_text("You are number 3 in the queue")
    expect(card).to_contain_text("You can keep browsing.")
    expect(card).not_to_contain_text("minute")  # nobody knows, nobody says so
    expect(spoken).to_contain_text("You are number 3 in the queue")
    inbound.leave(conversation=first)
    expect(card).to_contain_text("You are number 2 in the queue", timeout=3000)
    expect(spoken).to_contain_text("number 3")
    inbound.leave(conversation=second)
    expect(card).to_contain_text("You are number 1 in the queue", timeout=3000)
    context.clock.fast_forward(20_000)
    expect(spoken).to_contain_text("number 1")
    assert chat.complaints == []


def test_the_wait_is_said_in_minutes_a_person_reads(stack: Stack, someone: NewContext) -> None:
    shop = make_project()
    context = someone()
    line = Tapped(context)
    chat = Chat(context, stack.url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    said = chat.page.locator("queue-card [data-part=wait]")
    expect(said).to_have_text("You can keep browsing.")
    for wait, sentence in [
        ([10, 50], "Less than a minute."),
        ([0, 60], "Less than a minute."),
        ([60, 60], "About 1 minute."),
        ([120, 300], "About 2–5 minutes."),
        ([130, 290], "About 2–5 minutes."),
        ([20, 240], "Up to 4 minutes."),
        ([300, 300], "About 5 minutes."),
        ([1200, 7200], "At least 20 minutes."),
        ([3600, 7200], "It may take more than an hour."),
    ]:
        line.push(type="queue", position=1, wait=wait)
        expect(said).to_have_text(f"{sentence} You can keep browsing.")
    line.push(type="queue", position=1, wait=None)
    expect(said).to_have_text("You can keep browsing.")


@pytest.mark.breaks_promises  # an hour of servings made by hand
def test_the_range_is_that_of_what_really_happened(stack: Stack, someone: NewContext) -> None:
    """One slot, five conversations of ten minutes each in the last hour, one next to it now."""
    shop = make_project(capacity=1)
    ana = ready_agent(shop)
    for conversation in arrivals(shop.inboxes.get(), 6)[:5]:
        closing.end(agent=ana, conversation=conversation, typification=order_status(shop))
    ended = Assignment.objects.filter(agent=ana).exclude(ended_at=None)
    ended.update(started_at=F("ended_at") - dt.timedelta(minutes=10))
    chat = Chat(someone(), stack.url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    said = chat.page.locator("queue-card [data-part=wait]")
    expect(said).to_have_text(re.compile(r"^About \d+–\d+ minutes\. You can keep browsing\.$"))
    least, most = map(int, re.findall(r"\d+", said.inner_text()))
    assert 1 <= least < 10 < most <= 20
    assert chat.complaints == []


def test_leaving_the_queue_says_what_it_costs_and_what_became_of_it(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    chat = Chat(someone(), stack.url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    conversation = conversation_of(shop.inboxes.get())
    leave = chat.page.get_by_role("button", name="Leave the queue")
    dialog = chat.page.get_by_role("dialog", name="Leave the queue?")
    leave.click()
    expect(dialog).to_contain_text("You lose your place in the queue.")
    dialog.get_by_role("button", name="Keep waiting").click()
    expect(chat.page.locator("queue-card .qcard")).to_be_visible()
    leave.click()
    dialog.get_by_role("button", name="Leave the queue").click()
    expect(chat.page.locator("chat-closing")).to_contain_text("You left the queue at")
    expect(chat.page.locator("queue-card .qcard")).to_be_hidden()
    expect(leave).to_be_hidden()
    wait_until(lambda: not type(conversation).objects.get(pk=conversation.pk).is_open, 5)
    chat.page.reload()
    expect(chat.page.locator("chat-closing")).to_contain_text("You left the queue at")
    expect(chat.bubble("Where is my lamp?")).to_be_visible()
    chat.page.get_by_role("button", name="Start a new chat").click()
    expect(chat.box).to_be_focused()
    expect(chat.bubble("Where is my lamp?")).to_have_count(0)
    chat.write("I am back")
    assert conversation_of(shop.inboxes.get()) != conversation
    expect(chat.page.locator("queue-card .qcard")).to_be_visible()
    assert chat.complaints == []


@pytest.mark.breaks_promises  # spans that were made older by hand
def test_lucia_returns_to_the_queue_when_her_agent_vanishes(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ana = ready_agent(shop)
    chat = Chat(someone(), stack.url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    expect(chat.page.locator(".joined")).to_have_text("AAna joined the chat")
    vanish(ana)
    expect(chat.page.locator(".sys")).to_have_text(
        "Your agent had to leave. You are back in the queue and keep your place."
    )
    expect(chat.page.locator("queue-card .qcard")).to_contain_text("You are number 1")
    expect(chat.page.locator("chat-header")).to_contain_text("Waiting for an agent")
    ready_agent(shop, "Bruno")
    routing.fill(shop.pk)
    expect(chat.page.locator(".joined").last).to_have_text("BBruno joined the chat")
    assert chat.complaints == []
