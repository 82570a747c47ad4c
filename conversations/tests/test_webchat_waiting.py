"""In line and out of it: what every open page of a visitor is told."""

import datetime as dt

import pytest
from asgiref.sync import sync_to_async
from django.db.models import F

from agents.models import Agent
from contactcenter.testing import arrivals, holder_of, order_status, ready
from conversations import attending, closing, estimates, heartbeat
from conversations.models import Assignment, Conversation, Inbox, QueueEntry
from conversations.tests.sockets import page, state
from conversations.tests.test_releasing import goes_home

pytestmark = pytest.mark.django_db(transaction=True)


async def test_both_pages_hear_that_they_move_up(web: Inbox) -> None:
    ahead, _ = await page(web)
    await ahead.write()
    first, welcome = await page(web)
    await first.write()
    second, welcome = await page(web, welcome["token"])
    assert welcome["position"] == 2
    await ahead.say(type="end")
    for line in (first, second):
        while (await line.hear("queue"))["position"] != 1:
            pass
    for line in (ahead, first, second):
        await line.disconnect()


async def test_ending_while_waiting_is_the_end_on_every_page(web: Inbox) -> None:
    first, welcome = await page(web)
    await first.write()
    second, _ = await page(web, welcome["token"])
    await second.say(type="end")
    for line in (first, second):
        await state(line, "ended")
    entry = await QueueEntry.objects.aget()
    assert entry.outcome == QueueEntry.Outcome.ABANDONED
    await second.say(type="end")  # twice is once
    assert (await first.write("again"))["seq"] == 1
    for line in (first, second):
        await line.disconnect()


async def test_ending_while_served_is_a_line_and_the_agent_ends(web: Inbox, ana: Agent) -> None:
    await sync_to_async(ready)(ana)
    lucia, _ = await page(web)
    ack = await lucia.write()
    await lucia.say(type="end")
    line = await lucia.hear("message")
    while line["from"] != "system":
        line = await lucia.hear("message")
    assert (line["event"], line["seq"]) == ("customer_left", 2)
    await lucia.say(type="end")  # twice is once
    conversation = await Conversation.objects.aget()
    assert conversation.is_open
    assert await sync_to_async(holder_of)(conversation) == ana
    back = await lucia.write("No, wait")
    assert (back["conversation"], back["seq"]) == (ack["conversation"], 3)
    await lucia.disconnect()


@pytest.mark.breaks_promises  # ten minutes each, of one after the other
async def test_the_range_of_the_wait_is_told_and_told_again_when_it_changed(
    web: Inbox, ana: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "WAIT_EVERY", 0.1)
    monkeypatch.setattr(estimates, "FRESH", 0.1)
    await sync_to_async(busy_hour)(web, ana)
    lucia, welcome = await page(web)
    await lucia.write()
    told = await lucia.hear("queue")
    assert told["position"] == 1
    low, high = told["wait"]
    assert 0 <= low < high
    again, welcome = await page(web, welcome["token"])
    assert (welcome["position"], welcome["wait"]) == (1, told["wait"])
    await sync_to_async(attending.stop)(agent=ana)
    while (await lucia.hear("queue"))["wait"] is not None:
        pass
    for line in (lucia, again):
        await line.disconnect()


def busy_hour(web: Inbox, ana: Agent) -> None:
    """Ana ended eight of ten minutes each, and is full."""
    ready(ana)
    status = order_status(web.project)
    for _n in range(8):
        (conversation,) = arrivals(web, 1)
        closing.end(agent=ana, conversation=conversation, typification=status)
    Assignment.objects.filter(outcome="ended").update(
        started_at=F("ended_at") - dt.timedelta(minutes=10)
    )
    arrivals(web, 6)


async def test_whose_agent_has_vanished_is_back_in_the_queue_with_their_own_line(
    web: Inbox, ana: Agent
) -> None:
    """They had been first before, and are told again that they are."""
    lucia, _ = await page(web)
    await lucia.write("Where is my lamp?")
    assert (await lucia.hear("queue"))["position"] == 1
    await sync_to_async(ready)(ana)
    await sync_to_async(attending.accept)(agent=ana)
    await state(lucia, "assigned")
    await sync_to_async(goes_home)(ana)
    ack = await lucia.write("Hello?")
    assert ack["seq"] == 2
    await state(lucia, "queued")
    assert (await lucia.hear("queue"))["position"] == 1
    await lucia.disconnect()
