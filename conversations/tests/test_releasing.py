"""Nobody stays with an agent who went home (chatwoot #7204; decision D8)."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from agents.models import Agent, ConsoleSession, Project
from contactcenter.testing import arrivals, at_once, holder_of, order_status, place_of, ready, write
from conversations import closing, invariants, metrics, outbound, rebalancing, releasing, routing
from conversations.models import Assignment, Conversation, Identity, Inbox, QueueEntry

pytestmark = pytest.mark.django_db


def goes_home(agent: Agent, minutes: float = 6) -> None:
    """The browser was closed so long ago, without a sign-out."""
    then = timezone.now() - dt.timedelta(minutes=minutes)
    ConsoleSession.objects.filter(agent=agent).update(
        lease_until=then, online_until=then, closed_at=then
    )
    before = dt.timedelta(minutes=minutes + 1)
    QueueEntry.objects.filter(assignment__agent=agent).update(
        arrived_at=F("arrived_at") - before,
        entered_at=F("entered_at") - before,
        ended_at=F("ended_at") - before,
    )
    Assignment.objects.filter(agent=agent).update(started_at=F("started_at") - before)


@pytest.fixture
def held(web: Inbox, lucia: Identity, ana: Agent) -> Conversation:
    ready(ana)
    return write(web, lucia, "Where is my lamp?").conversation


def test_who_waits_for_an_answer_returns_to_the_front_with_the_original_arrival(
    web: Inbox, held: Conversation, ana: Agent
) -> None:
    later = arrivals(web, 7)[-1]  # full: this one waits
    goes_home(ana)
    assert held in releasing.release_vanished()
    assert holder_of(held) is None
    assert (place_of(held), place_of(later)) == (1, 8)
    first, again = QueueEntry.objects.filter(conversation=held).order_by("pk")
    assert (again.arrived_at, again.is_first) == (first.arrived_at, False)
    assert held.messages.last().system_text == "Back in the queue: the agent had to leave"


def test_bruno_gets_it_at_once_as_new(held: Conversation, ana: Agent, bruno: Agent) -> None:
    ready(bruno)
    goes_home(ana)
    releasing.release_vanished()
    assignment = Assignment.objects.get(conversation=held, ended_at=None)
    assert (assignment.agent, assignment.is_new) == (bruno, True)


def test_of_several_the_first_to_come_is_the_first_to_be_taken_over(
    web: Inbox, ana: Agent, bruno: Agent
) -> None:
    """Bruno has one slot: it is for whoever has waited longest."""
    ready(ana)
    first, second = arrivals(web, 2)
    Agent.objects.filter(pk=bruno.pk).update(capacity=1)
    ready(bruno)
    goes_home(ana)
    assert releasing.release_vanished() == [first, second]
    assert (holder_of(first), place_of(second)) == (bruno, 1)


def test_who_was_answered_last_stays_and_returns_once_they_write(
    web: Inbox, held: Conversation, ana: Agent
) -> None:
    outbound.send(agent=ana, conversation=held, client_id=uuid.uuid4(), text="On its way")
    goes_home(ana)
    assert releasing.release_vanished() == []
    later = arrivals(web, 1)[0]
    write(web, held.identity, "Still nothing")
    assert holder_of(held) is None
    assert (place_of(held), place_of(later)) == (1, 2)
    texts = [message.text or message.event for message in held.messages.order_by("seq")]
    assert texts == ["Where is my lamp?", "On its way", "Still nothing", "returned"]
    assert releasing.release_vanished() == []


def test_who_writes_to_a_vanished_agent_is_with_bruno_at_once(
    web: Inbox, held: Conversation, ana: Agent, bruno: Agent
) -> None:
    goes_home(ana)
    ready(bruno)
    write(web, held.identity, "Hello?")
    assert holder_of(held) == bruno
    assert held.messages.count() == 3


def test_who_has_been_here_before_is_brought_back_into_what_is_open(
    web: Inbox, held: Conversation, lucia: Identity, ana: Agent
) -> None:
    closing.end(agent=ana, conversation=held, typification=order_status(web.project))
    now = write(web, lucia, "And now?").conversation
    goes_home(ana)
    assert write(web, lucia, "Hello?").conversation == now
    assert place_of(now) == 1


def test_a_message_to_a_present_agent_costs_no_statement_more(
    web: Inbox, held: Conversation, ana: Agent, django_assert_num_queries: Any
) -> None:
    """One statement, and the savepoint around it in a test: whether the agent is gone is asked
    in the statement that stores."""
    with django_assert_num_queries(3):
        write(web, held.identity, "And the other one?")


@pytest.mark.parametrize("minutes", [0, 4.9])
def test_a_short_absence_takes_nothing_away(held: Conversation, ana: Agent, minutes: float) -> None:
    goes_home(ana, minutes)
    assert releasing.release_vanished() == []


def test_a_grace_of_zero_is_never(held: Conversation, ana: Agent) -> None:
    Project.objects.update(release_grace=dt.timedelta(0))
    goes_home(ana, 600)
    assert releasing.release_vanished() == []


def test_whoever_comes_back_in_time_keeps_them(held: Conversation, ana: Agent) -> None:
    goes_home(ana)
    (assignment,) = Assignment.objects.filter(ended_at=None)
    ready(ana)
    assert releasing.release(assignment) is False
    assert holder_of(held) == ana


def test_a_return_is_no_second_wait_in_the_figures(
    web: Inbox, held: Conversation, ana: Agent, bruno: Agent
) -> None:
    goes_home(ana)
    releasing.release_vanished()
    ready(bruno)
    routing.fill(web.project_id)
    assert metrics.figures(web.project).average == "–"


def test_the_clock_does_it_and_says_what_it_moved(held: Conversation, ana: Agent) -> None:
    Agent.objects.update(available_since=timezone.now() - dt.timedelta(hours=1))
    goes_home(ana)
    moved = rebalancing.rebalance()
    assert (moved.released, moved.expired) == (["Lucía"], ["Ana"])


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_return_it_once(web: Inbox, ana: Agent) -> None:
    ready(ana)
    conversations = arrivals(web, 4)
    goes_home(ana)
    returned = at_once([releasing.release_vanished] * 3)
    assert sum(len(one) for one in returned) == 4
    assert QueueEntry.objects.filter(ended_at=None).count() == 4
    assert [c.pk for c in conversations] == list(
        QueueEntry.objects.filter(ended_at=None).values_list("conversation", flat=True)
    )
    broken = [f for f in invariants.check(project_id=web.project_id) if not f.holds]
    assert broken == []


@pytest.mark.django_db(transaction=True)
def test_a_customer_who_writes_while_the_clock_returns_them_is_returned_once(
    web: Inbox, ana: Agent
) -> None:
    """Neither waits for the other's locks for ever, nothing is lost or doubled."""
    ready(ana)
    conversations = arrivals(web, 5)
    goes_home(ana)
    at_once(
        [
            releasing.release_vanished,
            *(lambda c=c: write(web, c.identity, "Hello?") for c in conversations),
            releasing.release_vanished,
        ]
    )
    for conversation in conversations:
        assert list(conversation.messages.values_list("seq", flat=True)) == [1, 2, 3]
        assert conversation.queue_entries.filter(ended_at=None).count() == 1
    assert [f for f in invariants.check(project_id=web.project_id) if not f.holds] == []
