"""What nobody opened in time goes to somebody else (a project's option)."""

import datetime as dt

import pytest
from django.db.models import F

from agents.models import Agent, Project
from contactcenter.testing import arrivals, at_once, holder_of, order_status, place_of, ready
from conversations import attending, closing, invariants, missed, rebalancing, waiting
from conversations.models import Assignment, Conversation, Inbox, Message, QueueEntry

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def web(web: Inbox) -> Inbox:
    Project.objects.filter(pk=web.project_id).update(open_within=MINUTE)
    return web


def a_minute_passes() -> None:
    """Everything that has happened was a minute and a second earlier."""
    past = MINUTE + dt.timedelta(seconds=1)
    QueueEntry.objects.update(
        arrived_at=F("arrived_at") - past,
        entered_at=F("entered_at") - past,
        ended_at=F("ended_at") - past,
    )
    Assignment.objects.update(
        started_at=F("started_at") - past,
        opened_at=F("opened_at") - past,
        ended_at=F("ended_at") - past,
    )
    Conversation.objects.update(started_at=F("started_at") - past, ended_at=F("ended_at") - past)
    Agent.objects.update(available_since=F("available_since") - past)


def assigned(conversation: Conversation) -> Assignment:
    return Assignment.objects.get(conversation=conversation, ended_at=None)


def in_order(web: Inbox) -> list[str]:
    found = invariants.check(project_id=web.project_id)
    return [one.invariant.name for one in found if not one.holds]


def test_it_returns_to_the_front_and_says_so(web: Inbox, ana: Agent) -> None:
    ready(ana)
    *_, held, waiting_one = arrivals(web, 7)
    attending.stop(agent=ana)  # nobody is ready: where it stands can be seen
    a_minute_passes()
    for one in Assignment.objects.exclude(conversation=held):
        attending.open_conversation(agent=ana, conversation=one.conversation)
    assert missed.take_back() == [held]
    assert (place_of(held), place_of(waiting_one)) == (1, 2)
    first, again = QueueEntry.objects.filter(conversation=held).order_by("pk")
    assert (again.arrived_at, again.is_first) == (first.arrived_at, False)
    assert held.messages.last().event == Message.Event.MISSED
    assert held.assignments.get().outcome == Assignment.Outcome.MISSED
    assert "did not open it in time" in waiting.why_it_waits(again)
    assert in_order(web) == []


def test_what_was_opened_or_is_young_stays(web: Inbox, ana: Agent) -> None:
    ready(ana)
    (old,) = arrivals(web, 1)
    a_minute_passes()
    attending.open_conversation(agent=ana, conversation=old)
    arrivals(web, 1)
    assert missed.take_back() == []


def test_a_project_without_the_option_takes_nothing_back(web: Inbox, ana: Agent) -> None:
    Project.objects.update(open_within=dt.timedelta(0))
    ready(ana)
    arrivals(web, 1)
    a_minute_passes()
    assert missed.take_back() == []


def test_somebody_else_gets_it_though_they_have_more(web: Inbox, ana: Agent, bruno: Agent) -> None:
    """Ana would be next by the rules; she has just missed it."""
    ready(bruno)
    for one in arrivals(web, 2):
        attending.open_conversation(agent=bruno, conversation=one)
    ready(ana)
    (held,) = arrivals(web, 1)
    assert holder_of(held) == ana
    a_minute_passes()
    missed.take_back()
    again = assigned(held)
    assert (again.agent, again.is_new) == (bruno, True)
    assert (again.reason["load"], again.reason["candidates"]) == (2, 1)
    assert again.reason["others"] == {}
    assert again.reason["skipped"]["missed it"] == ["Ana"]
    assert "Ana (had not opened it)" in waiting.why_this_agent(again)
    assert in_order(web) == []


def test_where_nobody_else_is_ready_it_comes_back_as_new(web: Inbox, ana: Agent) -> None:
    """P-08: it does not wait beside a free slot."""
    ready(ana)
    (held,) = arrivals(web, 1)
    a_minute_passes()
    missed.take_back()
    assert (assigned(held).agent, assigned(held).is_new) == (ana, True)
    assert missed.take_back() == []
    assert in_order(web) == []


def test_the_oldest_of_several_goes_first(web: Inbox, ana: Agent, bruno: Agent) -> None:
    ready(ana)
    first, second = arrivals(web, 2)
    Agent.objects.filter(pk=bruno.pk).update(capacity=1)
    ready(bruno)
    a_minute_passes()
    assert missed.take_back() == [first, second]
    assert (holder_of(first), holder_of(second)) == (bruno, ana)
    assert in_order(web) == []


class TestInARow:
    @pytest.fixture(autouse=True)
    def three(self, web: Inbox, ana: Agent) -> None:
        Project.objects.filter(pk=web.project_id).update(most_missed=3)
        ready(ana)

    def misses(self, web: Inbox, count: int = 1) -> None:
        arrivals(web, count)
        a_minute_passes()
        missed.take_back()

    def test_the_third_turns_her_to_not_available_and_gives_her_nothing(
        self, web: Inbox, ana: Agent
    ) -> None:
        arrivals(web, 3)
        a_minute_passes()
        rebalancing.rebalance()
        ana.refresh_from_db()
        assert (ana.is_available, ana.availability_reason) == (False, "missed conversations")
        assert ana.has_missed
        change = ana.availability_changes.latest("at")
        assert change.reason == "missed conversations"
        assert not Assignment.objects.filter(ended_at=None).exists()

    def test_an_opened_one_begins_the_row_anew(self, web: Inbox, ana: Agent) -> None:
        self.misses(web)  # and comes back to her
        self.misses(web, 0)
        (held,) = Assignment.objects.filter(ended_at=None)
        attending.open_conversation(agent=ana, conversation=held.conversation)
        self.misses(web)
        self.misses(web, 0)
        ana.refresh_from_db()
        assert ana.is_available
        self.misses(web, 0)
        ana.refresh_from_db()
        assert not ana.is_available

    def test_pressing_accept_begins_the_row_anew(self, web: Inbox, ana: Agent) -> None:
        for count in (1, 0, 0):
            self.misses(web, count)
        ana.refresh_from_db()
        assert not ana.is_available
        attending.accept(agent=ana)
        self.misses(web, 0)
        ana.refresh_from_db()
        assert ana.is_available
        assert missed.missed_in_a_row(ana, 3) == 1

    def test_zero_is_never(self, web: Inbox, ana: Agent) -> None:
        Project.objects.update(most_missed=0)
        self.misses(web, 6)
        ana.refresh_from_db()
        assert ana.is_available


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_two_workers_take_each_back_once(self, web: Inbox, ana: Agent, bruno: Agent) -> None:
        ready(ana)
        held = arrivals(web, 6)
        ready(bruno)
        a_minute_passes()
        returned = at_once([missed.take_back] * 3)
        assert sorted(str(one.pk) for each in returned for one in each) == sorted(
            str(one.pk) for one in held
        )
        assert {holder_of(one) for one in held} == {bruno}
        assert in_order(web) == []

    def test_whoever_opens_it_at_that_instant_has_it_or_has_missed_it(
        self, web: Inbox, ana: Agent, bruno: Agent
    ) -> None:
        """No lock is waited for in a circle, none is in two places."""
        ready(ana)
        held = arrivals(web, 6)
        ready(bruno)
        a_minute_passes()
        at_once(
            [
                missed.take_back,
                *(lambda c=c: attending.open_conversation(agent=ana, conversation=c) for c in held),
                missed.take_back,
            ]
        )
        for conversation in held:
            span = assigned(conversation)
            assert (span.agent == ana) == (span.opened_at is not None)
        assert in_order(web) == []

    def test_an_end_at_that_instant_is_an_end_or_comes_too_late(
        self, web: Inbox, ana: Agent, bruno: Agent
    ) -> None:
        ready(ana)
        held = arrivals(web, 4)
        ready(bruno)
        a_minute_passes()
        at_once([missed.take_back, *(lambda c=c: is_ended(ana, c) for c in held)])
        for conversation in held:
            conversation.refresh_from_db()
            outcome = conversation.assignments.get(agent=ana).outcome
            assert outcome == ("missed" if conversation.is_open else "ended")
        assert in_order(web) == []


def is_ended(agent: Agent, conversation: Conversation) -> bool:
    typification = order_status(conversation.project)
    try:
        closing.end(agent=agent, conversation=conversation, typification=typification)
    except closing.AlreadyDone:
        return False
    return True
