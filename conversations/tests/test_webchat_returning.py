"""A customer comes back, after a second or a day, on this page or another."""

import datetime as dt
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.db.models import F
from django.utils import timezone

from agents.models import Agent, Campaign
from contactcenter.testing import arrivals, order_status, ready
from conversations import attending, closing, heartbeat, leaving, outbound
from conversations.models import Assignment, Conversation, Identity, Inbox, Message, QueueEntry
from conversations.tests.sockets import page, state, until

pytestmark = pytest.mark.django_db(transaction=True)


@sync_to_async
def a_day_passes() -> None:
    day = dt.timedelta(days=1)
    Conversation.objects.update(started_at=F("started_at") - day, ended_at=F("ended_at") - day)
    Message.objects.update(created_at=F("created_at") - day)
    QueueEntry.objects.update(
        arrived_at=F("arrived_at") - day,
        entered_at=F("entered_at") - day,
        ended_at=F("ended_at") - day,
    )
    Assignment.objects.update(started_at=F("started_at") - day, ended_at=F("ended_at") - day)


@sync_to_async
def answer(agent: Agent, text: str) -> None:
    for conversation in Conversation.objects.filter(ended_at=None).select_related("project"):
        outbound.send(agent=agent, conversation=conversation, client_id=uuid.uuid4(), text=text)


@sync_to_async
def end(agent: Agent) -> None:
    for conversation in Conversation.objects.filter(ended_at=None).select_related("project"):
        status = order_status(conversation.project)
        closing.end(agent=agent, conversation=conversation, typification=status)


async def test_after_a_day_the_rest_of_the_ended_conversation_comes_and_a_new_one_may_begin(
    web: Inbox, ana: Agent
) -> None:
    await sync_to_async(ready)(ana)
    lucia, welcome = await page(web)
    old = await lucia.write("Where is my lamp?")
    await lucia.disconnect()
    await answer(ana, "On its way")
    await answer(ana, "Arrived")
    await end(ana)
    await a_day_passes()
    back, welcome = await page(
        web, welcome["token"], conversation=old["conversation"], after=old["seq"]
    )
    assert [m["text"] for m in welcome["messages"]] == ["On its way", "Arrived"]
    assert (welcome["state"], welcome["conversation"]) == ("ended", old["conversation"])
    assert dt.datetime.fromisoformat(welcome["ended_at"]) < timezone.now() - dt.timedelta(hours=23)
    assert (welcome["position"], welcome["agent"], welcome["form"]) == (None, None, None)
    new = await back.write("Thank you")
    assert (new["conversation"] != old["conversation"], new["seq"]) == (True, 1)
    await back.disconnect()


async def test_after_a_day_an_open_conversation_goes_on_where_it_was(
    web: Inbox, ana: Agent
) -> None:
    await sync_to_async(ready)(ana)
    lucia, welcome = await page(web)
    ack = await lucia.write("one")
    await lucia.disconnect()
    await answer(ana, "two")
    await a_day_passes()
    back, welcome = await page(web, welcome["token"], conversation=ack["conversation"], after=1)
    assert [m["text"] for m in welcome["messages"]] == ["two"]
    assert (welcome["state"], welcome["agent"]) == ("assigned", {"name": "Ana"})
    assert (await back.write("three"))["seq"] == 3
    await back.disconnect()


async def test_a_page_that_knows_nothing_but_the_token_gets_the_open_conversation(
    web: Inbox,
) -> None:
    lucia, welcome = await page(web)
    ack = await lucia.write("one")
    other, welcome = await page(web, welcome["token"])
    assert [m["seq"] for m in welcome["messages"]] == [1]
    assert (welcome["conversation"], welcome["position"]) == (ack["conversation"], 1)
    for line in (lucia, other):
        await line.disconnect()


async def test_two_pages_of_one_visitor_show_the_same(web: Inbox, ana: Agent) -> None:
    first, welcome = await page(web)
    await first.write("from the first")
    second, _ = await page(web, welcome["token"])
    await sync_to_async(arrivals)(web, 1)
    await second.write("from the second")
    heard = await first.hear("message")
    while heard["seq"] != 2:
        heard = await first.hear("message")
    assert (heard["from"], heard["text"]) == ("contact", "from the second")
    await sync_to_async(ready)(ana)
    await sync_to_async(attending.accept)(agent=ana)
    for line in (first, second):
        assert (await state(line, "assigned"))["agent"] == {"name": "Ana"}
    await second.disconnect()
    await answer(ana, "Hello")
    while (await first.hear("message"))["from"] != "agent":
        pass
    await first.disconnect()


async def test_who_has_left_finds_it_ended_and_begins_anew(web: Inbox) -> None:
    lucia, welcome = await page(web)
    ack = await lucia.write("Hello?")
    await lucia.disconnect()
    await a_day_passes()
    await sync_to_async(leaving.expire)()
    missed = F("missed_at") - dt.timedelta(minutes=1)
    await Identity.objects.aupdate(missed_at=missed)
    assert len(await sync_to_async(leaving.expire)()) == 1
    back, welcome = await page(web, welcome["token"], conversation=ack["conversation"], after=1)
    assert (welcome["state"], welcome["messages"]) == ("ended", [])
    again = await back.write("Here again")
    assert again["conversation"] != ack["conversation"]
    assert (await back.hear("queue"))["position"] == 1
    await back.disconnect()


async def test_hello_is_enough_not_to_have_left(web: Inbox) -> None:
    """A web process was killed: its visitors say hello to another within seconds."""
    lucia, welcome = await page(web)
    await lucia.write()
    await lucia.disconnect()
    assert (await Identity.objects.aget()).seen_at is None
    back, _ = await page(web, welcome["token"])
    assert (await Identity.objects.aget()).seen_at
    await back.disconnect()


async def test_the_heartbeat_says_whose_page_is_open(
    web: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "SEEN_EVERY", 0.1)
    lucia, _ = await page(web)
    await lucia.write()
    await until(lambda: Identity.objects.filter(seen_at__isnull=False).exists())
    await lucia.disconnect()


async def test_thanks_are_acknowledged_and_shown_on_the_other_page(
    web: Inbox, support: Campaign, ana: Agent
) -> None:
    await Campaign.objects.filter(pk=support.pk).aupdate(ending_grace=dt.timedelta(minutes=5))
    await sync_to_async(ready)(ana)
    lucia, welcome = await page(web)
    ack = await lucia.write("Where is my lamp?")
    other, _ = await page(web, welcome["token"])
    await end(ana)
    for line in (lucia, other):
        await state(line, "ended")
    thanks = await lucia.write("Thank you!")
    assert (thanks["conversation"], thanks["seq"]) == (ack["conversation"], 2)
    heard = await other.hear("message")
    assert (heard["text"], heard["seq"]) == ("Thank you!", 2)
    back, welcome = await page(web, welcome["token"], conversation=ack["conversation"], after=1)
    assert (welcome["state"], [m["seq"] for m in welcome["messages"]]) == ("ended", [2])
    for line in (lucia, other, back):
        await line.disconnect()


async def test_mallory_moves_nothing_with_lucias_ids(web: Inbox, mallory: Agent) -> None:
    lucia, _ = await page(web)
    ack = await lucia.write("my secret")
    clinic = await Inbox.objects.aget(project=mallory.project_id)
    for inbox in (web, clinic):
        stranger, welcome = await page(inbox, conversation=ack["conversation"], after=0)
        assert (welcome["state"], welcome["messages"], welcome["wait"]) == ("new", [], None)
        for what in ("end", "typing", "read"):
            await stranger.say(type=what, seq=1)
        await stranger.write("mine")
        await stranger.disconnect()
    conversation = await Conversation.objects.aget(pk=ack["conversation"])
    assert (conversation.is_open, conversation.contact_read_seq) == (True, 0)
    await lucia.disconnect()


async def test_a_hello_without_a_token_on_the_same_line_is_somebody_new(web: Inbox) -> None:
    """A shared computer: what is written next is not the last one's."""
    line, _ = await page(web)
    first = await line.write("Lucía's")
    welcome = await line.hello(token=None)
    assert (welcome["conversation"], welcome["messages"]) == (None, [])
    second = await line.write("Somebody else's")
    assert second["conversation"] != first["conversation"]
    assert await Identity.objects.acount() == 2
    await line.disconnect()
