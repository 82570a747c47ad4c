"""R53–R55: an agent gives a conversation to a colleague or to a campaign."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from agents import presence
from agents.models import Agent, Campaign
from contactcenter.testing import (
    arrivals,
    holder_of,
    make_agent,
    make_inbox,
    make_supervisor,
    place_of,
    ready,
    write,
)
from conversations import closing, colleagues, metrics, outbound, routing, transferring
from conversations.colleagues import Obstacle
from conversations.models import Assignment, Conversation, Inbox, Note, QueueEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(web: Inbox, ana: Agent) -> Conversation:
    """A conversation that Ana serves."""
    ready(ana)
    return write(web, text="Where is my lamp?").conversation


def test_it_is_new_at_bruno_with_its_history_and_the_note(
    held: Conversation, ana: Agent, bruno: Agent
) -> None:
    ready(bruno)
    transferring.to_agent(agent=ana, conversation=held, taker=bruno, note=" Wants a new one ")
    before, now = Assignment.objects.filter(conversation=held).order_by("pk")
    assert (before.agent, before.outcome) == (ana, Assignment.Outcome.TRANSFERRED)
    assert (now.agent, now.is_new, now.queue_entry) == (bruno, True, None)
    assert now.why == "Ana passed it on to you."
    lines = [message.text or message.system_text for message in held.messages.order_by("seq")]
    assert lines == ["Where is my lamp?", "Passed on to a colleague"]
    note = Note.objects.get()
    assert (note.text, note.agent, note.conversation) == ("Wants a new one", ana, held)
    with pytest.raises(outbound.NotYours):
        outbound.send(agent=ana, conversation=held, client_id=uuid.uuid4(), text="One more thing")


def test_a_note_of_many_lines_is_kept_whole(held: Conversation, ana: Agent, bruno: Agent) -> None:
    """A browser sends two characters where its box counts one."""
    client = Client()
    client.force_login(ana.user, backend="agents.backends.ModelBackend")
    lines = ["x" * 99] * 20
    form = {"agent": ready(bruno).pk, "note": "\r\n".join(lines)}
    given = client.post(f"{held.get_absolute_url()}transfers/", form)
    assert given.status_code == 204 and holder_of(held) == bruno
    assert Note.objects.get().text == "\n".join(lines)


def test_the_freed_slot_takes_in_the_next_one(web: Inbox, ana: Agent, bruno: Agent) -> None:
    Agent.objects.filter(pk=ana.pk).update(capacity=1)
    ready(ana)
    first, second = arrivals(web, 2)
    sales = Campaign.objects.create(project=web.project, name="Sales")
    bruno.campaigns.set([sales])
    ready(bruno)
    transferring.to_agent(agent=ana, conversation=first, taker=bruno)
    assert (holder_of(first), holder_of(second)) == (bruno, ana)
    first.refresh_from_db()
    assert first.campaign == sales  # of Bruno's, who is not in its own


def test_a_campaign_that_both_are_in_stays(held: Conversation, ana: Agent, bruno: Agent) -> None:
    before = held.campaign
    bruno.campaigns.add(Campaign.objects.create(project=held.project, name="A first one"))
    transferring.to_agent(agent=ana, conversation=held, taker=ready(bruno))
    held.refresh_from_db()
    assert held.campaign == before


def test_the_queues_are_counted_without_those_who_waited_once(
    web: Inbox, ana: Agent, django_assert_num_queries: Any
) -> None:
    """They are asked for every three seconds while a dialog is open."""
    arrivals(web, 2)
    Campaign.objects.create(project=web.project, name="Sales")
    Campaign.objects.create(project=web.project, name="Gone", is_active=False)
    routing.fill(ready(ana).project_id)
    assert {line.name: line.waiting for line in colleagues.queues(web.project_id)} == {
        "Support": 0,
        "Sales": 0,
    }
    Agent.objects.update(capacity=0)
    arrivals(web, 3)
    with django_assert_num_queries(1) as asked:
        waiting = [line.waiting for line in colleagues.queues(web.project_id)]
    assert sorted(waiting) == [0, 3]
    assert "JOIN" not in asked.captured_queries[0]["sql"]  # of all the entries there ever were


def is_full(bruno: Agent) -> None:
    Agent.objects.filter(pk=ready(bruno).pk).update(capacity=0)


def is_gone(bruno: Agent) -> None:
    ready(bruno)
    presence.sign_out(user=bruno.user, session_key=bruno.consoles.get().session_key)


def does_not_accept(bruno: Agent) -> None:
    presence.declare(agent=ready(bruno), is_available=False)


def may_not_answer(bruno: Agent) -> None:
    Agent.objects.filter(pk=ready(bruno).pk).update(is_active=False)


@pytest.mark.parametrize(
    ("happens", "obstacle"),
    [
        (is_full, Obstacle.FULL),
        (is_gone, Obstacle.OFFLINE),
        (does_not_accept, Obstacle.AWAY),
        (may_not_answer, Obstacle.OFFLINE),
    ],
)
def test_who_cannot_take_it_does_not_get_it(
    held: Conversation,
    ana: Agent,
    bruno: Agent,
    happens: Callable[[Agent], None],
    obstacle: Obstacle,
) -> None:
    happens(bruno)
    with pytest.raises(transferring.CannotTake) as refused:
        transferring.to_agent(agent=ana, conversation=held, taker=bruno, note="For you")
    assert refused.value.obstacle == obstacle
    assert holder_of(held) == ana
    assert (held.messages.count(), Note.objects.count()) == (1, 0)


def test_nobody_gives_to_themselves(held: Conversation, ana: Agent) -> None:
    with pytest.raises(transferring.CannotTake) as refused:
        transferring.to_agent(agent=ana, conversation=held, taker=ana)
    assert refused.value.obstacle == Obstacle.SELF


def test_bruno_gives_away_nothing_of_anas_but_a_supervisor_does(
    held: Conversation, ana: Agent, bruno: Agent
) -> None:
    sofia, carla = make_supervisor(held.project), ready(make_agent(held.project, "Carla"))
    ready(bruno)
    with pytest.raises(closing.AlreadyDone):
        transferring.to_agent(agent=bruno, conversation=held, taker=carla)
    transferring.to_agent(agent=sofia, conversation=held, taker=carla, is_supervisor=True)
    assert holder_of(held) == carla
    assert held.assignments.get(ended_at=None).why == "Sofía passed it on to you."


def test_to_a_campaign_it_keeps_its_arrival(web: Inbox, held: Conversation, ana: Agent) -> None:
    """Whoever came later to that campaign stands behind it; no second wait in the figures."""
    sales = Campaign.objects.create(project=web.project, name="Sales")
    later = write(make_inbox(sales)).conversation
    assert transferring.to_campaign(agent=ana, conversation=held, campaign=sales) == []
    assert (holder_of(held), place_of(held), place_of(later)) == (None, 1, 2)
    first, again = QueueEntry.objects.filter(conversation=held).order_by("pk")
    assert (again.arrived_at, again.is_first, again.campaign) == (first.arrived_at, False, sales)
    bruno = ready(make_agent(web.project, "Bruno", campaigns=[sales]))
    routing.fill(web.project_id)
    assert holder_of(held) == bruno
    assert metrics.figures(web.project).average == "0:00"  # of `later`, who was assigned as well


def test_straight_to_whoever_is_ready_in_that_campaign(
    web: Inbox, held: Conversation, ana: Agent
) -> None:
    sales = Campaign.objects.create(project=web.project, name="Sales")
    bruno = ready(make_agent(web.project, "Bruno", campaigns=[sales]))
    (given,) = transferring.to_campaign(agent=ana, conversation=held, campaign=sales)
    assert given.agent_id == bruno.pk
    assert holder_of(held) == bruno


def test_it_comes_back_where_nobody_else_is_ready(held: Conversation, ana: Agent) -> None:
    (given,) = transferring.to_campaign(agent=ana, conversation=held, campaign=held.campaign)
    assert given.agent_id == ana.pk
    assert holder_of(held) == ana


def test_all_of_them_as_far_as_there_is_room(web: Inbox, ana: Agent, bruno: Agent) -> None:
    """R54: the first to come go, the rest stays and is named."""
    ready(ana)
    conversations = arrivals(web, 4)
    Agent.objects.filter(pk=bruno.pk).update(capacity=3)
    presence.declare(agent=ana, is_available=False)
    handed = transferring.all_of(agent=ana, taker=ready(bruno), note="Good night")
    assert (handed.gone, handed.stays) == (conversations[:3], conversations[3:])
    assert [holder_of(c) for c in conversations] == [bruno, bruno, bruno, ana]
    loads = [a.reason["load"] for a in Assignment.objects.filter(agent=bruno).order_by("pk")]
    assert loads == [0, 1, 2]
    assert Note.objects.count() == 3
    with pytest.raises(transferring.CannotTake):
        transferring.all_of(agent=ana, taker=bruno)
