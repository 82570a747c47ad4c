"""R58: an agent goes home, and nobody is forgotten with them."""

import uuid

import pytest
from django.test import Client

from agents import presence
from agents.models import Agent
from contactcenter.testing import (
    arrivals,
    at_once,
    holder_of,
    make_agent,
    make_customer,
    make_project,
    place_of,
    ready,
    write,
)
from conversations import attending, closing, departing, outbound, releasing
from conversations.models import Assignment, Conversation, Inbox

pytestmark = pytest.mark.django_db


def goes(agent: Agent) -> list[Conversation]:
    return departing.sign_out(user=agent.user, session_key=agent.consoles.latest("pk").session_key)


def answer(conversation: Conversation, agent: Agent) -> None:
    outbound.send(agent=agent, conversation=conversation, client_id=uuid.uuid4(), text="Yes")


def sign_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


def test_who_waits_for_an_answer_returns_at_once_the_others_when_they_write(
    web: Inbox, ana: Agent
) -> None:
    ready(ana)
    waits, answered = arrivals(web, 2)
    answer(answered, ana)
    later = write(web)
    goes(ana)
    assert (holder_of(waits), place_of(waits)) == (None, 1)
    assert holder_of(answered) == ana
    assert waits.messages.last().system_text == "Back in the queue: the agent had to leave"
    write(web, answered.identity, "One more thing")
    assert (holder_of(answered), place_of(answered)) == (None, 2)
    assert place_of(later.conversation) == 3


def test_bruno_has_it_at_once(web: Inbox, ana: Agent, bruno: Agent) -> None:
    ready(ana)
    (conversation,) = arrivals(web, 1)
    ready(bruno)
    assert goes(ana) == [conversation]
    assert holder_of(conversation) == bruno


def test_who_is_back_first_has_them_still(web: Inbox, ana: Agent) -> None:
    ready(ana)
    (conversation,) = arrivals(web, 1)
    answer(conversation, ana)
    goes(ana)
    attending.arrive(agent=ana, session_key="morning")
    write(web, conversation.identity, "One more thing")
    assert holder_of(conversation) == ana
    assert releasing.release_vanished() == []


def test_at_another_console_one_has_not_gone(web: Inbox, ana: Agent) -> None:
    presence.arrive(agent=ana, session_key="the phone")
    ready(ana)
    (conversation,) = arrivals(web, 1)
    assert goes(ana) == []
    assert holder_of(conversation) == ana
    assert Assignment.objects.get().left_at is None


def test_one_alone_is_left(web: Inbox, ana: Agent) -> None:
    ready(ana)
    waits, answered, kept = arrivals(web, 3)
    answer(answered, ana)
    presence.declare(agent=ana, is_available=False)
    assert departing.leave_one(agent=ana, conversation=waits)
    assert not departing.leave_one(agent=ana, conversation=answered)
    assert [holder_of(c) for c in (waits, answered, kept)] == [None, ana, ana]
    write(web, answered.identity, "One more thing")
    assert holder_of(answered) is None


def test_in_every_project_of_the_person(web: Inbox, ana: Agent) -> None:
    other = make_project("Viajes Lago")
    there = Agent.objects.create(user=ana.user, project=other)
    there.campaigns.set(other.campaigns.all())
    ready(there)
    (conversation,) = arrivals(other.inboxes.get(), 1)
    ready(ana)
    (mine,) = arrivals(web, 1)
    assert {agent for agent, _rows in departing.held_by(ana.user)} == {ana, there}
    for console in there.consoles.all():
        departing.sign_out(user=ana.user, session_key=console.session_key)
    assert (holder_of(conversation), holder_of(mine)) == (None, ana)


def test_signing_out_asks_first_and_names_them(web: Inbox, ana: Agent) -> None:
    """The page without script; signing out is still possible from it."""
    ready(ana)
    write(web, make_customer(web, "Mateo"))
    client = sign_in(ana)
    asked = client.post("/logout/", headers={"accept": "text/html"})
    assert (asked.status_code, "Mateo" in asked.text) == (200, True)
    assert "sessionid" in client.cookies
    gone = client.post("/logout/", {"leave": "all"})
    assert (gone.status_code, gone.url) == (302, "/login/")
    assert client.get("/projects/").status_code == 302


def test_with_nothing_open_it_is_one_press(ana: Agent) -> None:
    gone = sign_in(ana).post("/logout/")
    assert (gone.status_code, gone.url) == (302, "/login/")


def test_bruno_leaves_nothing_of_anas(web: Inbox, ana: Agent, bruno: Agent) -> None:
    ready(ana)
    (conversation,) = arrivals(web, 1)
    page = sign_in(bruno).post(f"{conversation.get_absolute_url()}leaving/")
    assert page.status_code == 404
    with pytest.raises(closing.AlreadyDone):
        departing.leave_one(agent=bruno, conversation=conversation)
    assert Assignment.objects.get().left_at is None


@pytest.mark.django_db(transaction=True)
def test_who_writes_at_the_instant_of_the_sign_out_is_forgotten_by_nobody(
    web: Inbox, ana: Agent
) -> None:
    bruno = ready(make_agent(web.project, "Bruno", capacity=0))
    ready(ana)
    conversations = arrivals(web, 6)
    for conversation in conversations:
        answer(conversation, ana)
    Agent.objects.filter(pk=bruno.pk).update(capacity=6)
    at_once(
        [
            lambda: goes(ana),
            *(lambda c=c: write(web, c.identity, "And?") for c in conversations),
        ]
    )
    releasing.release_vanished()  # the clock that `leave` rings for a second later
    assert [holder_of(c) for c in conversations] == [bruno] * 6
