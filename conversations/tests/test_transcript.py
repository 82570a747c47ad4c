"""What a thread shows of a contact's messages: 20 at a time, newest first asked for, oldest first
shown (R32)."""

import datetime as dt

import pytest
from django.test import Client

from agents.models import Agent, Campaign, Project
from contactcenter.testing import make_agent, make_inbox, order_status, ready, write
from conversations import access, closing, transcript
from conversations.models import Conversation, Identity, Inbox, Message

pytestmark = pytest.mark.django_db


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


def numbered(first: int, last: int) -> list[str]:
    return [f"Number {n}" for n in range(first, last + 1)]


def say(web: Inbox, lucia: Identity, first: int, last: int) -> Conversation:
    for text in numbered(first, last):
        conversation = write(web, lucia, text).conversation
    return conversation


@pytest.mark.parametrize(("count", "has_older"), [(1, False), (20, False), (21, True), (35, True)])
def test_at_most_20_and_whether_there_are_more(
    web: Inbox, lucia: Identity, ana: Agent, count: int, has_older: bool
) -> None:
    conversation = say(web, lucia, 1, count)
    shown, more = transcript.newest(access.history_for(ana, conversation))
    assert texts(shown) == numbered(max(1, count - 19), count)
    assert more == has_older


def test_a_conversation_without_messages_has_none(web: Inbox, lucia: Identity, ana: Agent) -> None:
    conversation = say(web, lucia, 1, 1)
    conversation.messages.all().delete()
    assert transcript.newest(access.history_for(ana, conversation)) == ([], False)


def test_earlier_conversations_belong_to_it_and_pages_reach_the_start(
    web: Inbox, lucia: Identity, ana: Agent
) -> None:
    """Across an ended conversation, and one in another channel; equal times change no order."""
    ready(ana)
    first = say(web, lucia, 1, 25)
    closing.end(agent=ana, conversation=first, typification=order_status(web.project))
    say(make_inbox(web.campaign), lucia, 26, 30)
    last = say(web, lucia, 31, 45)
    Message.objects.update(created_at=dt.datetime(2026, 11, 21, tzinfo=dt.UTC))
    history = access.history_for(ana, last)
    shown, more = transcript.newest(history)
    assert (texts(shown), more) == (numbered(26, 45), True)
    earlier, more = transcript.older(history, shown[0])
    assert (texts(earlier), more) == (numbered(6, 25), True)
    start, more = transcript.older(history, earlier[0])
    assert (texts(start), more) == (numbered(1, 5), False)


def test_nobody_elses_messages_are_among_them(
    web: Inbox, lucia: Identity, ana: Agent, mallory: Agent
) -> None:
    write(web, text="Somebody else")
    write(mallory.project.inboxes.get(), text="Another project")
    conversation = say(web, lucia, 1, 2)
    shown, _ = transcript.newest(access.history_for(ana, conversation))
    assert texts(shown) == numbered(1, 2)


def test_a_project_may_keep_the_history_within_the_agents_campaigns(
    web: Inbox, lucia: Identity, ana: Agent, client: Client
) -> None:
    """R32: read in the thread, counted beside it, and not by the way of "earlier" either."""
    sales = Campaign.objects.create(project=web.project, name="Sales")
    carla = ready(make_agent(web.project, "Carla", campaigns=[sales]))
    elsewhere = write(make_inbox(sales), lucia, "About the price")
    ended = order_status(web.project)
    closing.end(agent=carla, conversation=elsewhere.conversation, typification=ended)
    ready(ana)
    here = say(web, lucia, 1, 2)
    client.force_login(ana.user)
    address = here.get_absolute_url()
    page = client.get(address)
    assert "About the price" in page.text and page.context["previous"] != []

    Project.objects.filter(pk=web.project_id).update(history_scope="campaigns")
    page = client.get(address)
    assert "About the price" not in page.text and "Number 1" in page.text
    assert page.context["previous"] == []
    before = {"before": str(elsewhere.client_id)}
    assert client.get(f"{address}messages/", before).status_code == 404
    before = {"before": str(here.messages.get(seq=2).client_id)}
    assert "About the price" not in client.get(f"{address}messages/", before).text

    ana.campaigns.add(sales)
    assert "About the price" in client.get(address).text
    ana.campaigns.clear()  # what she holds she reads
    assert "Number 1" in client.get(address).text
