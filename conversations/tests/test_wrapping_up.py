"""After an end the slot stays taken for a while, or until Ready (a campaign's option)."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from agents import publishing
from agents.models import Agent, Campaign, ConsoleSession
from contactcenter.testing import arrivals, at_once, holder_of, order_status, ready
from conversations import (
    attending,
    closing,
    invariants,
    listing,
    rebalancing,
    tasks,
    wrapping_up,
)
from conversations.models import Conversation, Inbox, WrapUp

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(web: Inbox) -> Inbox:
    """A minute to finish, and one slot each."""
    Campaign.objects.filter(pk=web.campaign_id).update(wrap_up=dt.timedelta(minutes=1))
    Agent.objects.filter(project=web.project).update(capacity=1)
    return web


@pytest.fixture
def ana(web: Inbox, ana: Agent) -> Agent:
    Agent.objects.filter(pk=ana.pk).update(capacity=1)
    return ready(ana)


def ends(agent: Agent, conversation: Conversation) -> WrapUp:
    typification = order_status(conversation.project)
    closing.end(agent=agent, conversation=conversation, typification=typification)
    return WrapUp.objects.get(assignment__conversation=conversation)


def time_is_over() -> None:
    """A minute and a bit later: the whole wrap-up and what came before it."""
    past = dt.timedelta(seconds=61)
    for wrap_up in WrapUp.objects.select_related("assignment__queue_entry"):
        entry, served = wrap_up.assignment.queue_entry, wrap_up.assignment
        entry.arrived_at, entry.entered_at = entry.arrived_at - past, entry.entered_at - past
        entry.ended_at, served.started_at = entry.ended_at - past, served.started_at - past
        served.ended_at = wrap_up.started_at = served.ended_at - past
        wrap_up.due_at -= past
        for row in (entry, served, wrap_up):
            row.save()


def test_the_slot_stays_taken_and_the_next_one_waits(web: Inbox, ana: Agent) -> None:
    first, second = arrivals(web, 2)
    wrap_up = ends(ana, first)
    assert wrap_up.due_at - wrap_up.started_at == dt.timedelta(minutes=1)
    assert holder_of(second) is None
    assert listing.loads([ana.pk]) == {ana.pk: 1}
    (shown,) = listing.wrap_ups(ana.pk)
    assert (shown.title, shown.left > 50) == ("Lucía", True)


def test_ready_gives_the_slot_to_the_head_of_the_queue_at_once(web: Inbox, ana: Agent) -> None:
    first, second, third = arrivals(web, 3)
    wrap_up = ends(ana, first)
    assert wrapping_up.ready(agent=ana, wrap_up=wrap_up) is True
    assert (holder_of(second), holder_of(third)) == (ana, None)
    assert wrapping_up.ready(agent=ana, wrap_up=wrap_up) is False  # pressed twice
    assert listing.wrap_ups(ana.pk) == []


def test_the_clock_ends_what_is_over_and_nothing_else(web: Inbox, ana: Agent) -> None:
    first, second = arrivals(web, 2)
    ends(ana, first)
    assert wrapping_up.expire() == 0
    time_is_over()
    assert rebalancing.rebalance().wrapped_up == 1
    assert holder_of(second) == ana
    assert wrapping_up.expire() == 0


def test_without_the_option_there_is_none(web: Inbox, ana: Agent) -> None:
    Campaign.objects.update(wrap_up=dt.timedelta(0))
    first, second = arrivals(web, 2)
    closing.end(agent=ana, conversation=first, typification=order_status(web.project))
    assert holder_of(second) == ana
    assert not WrapUp.objects.exists()


def test_signing_out_ends_it(web: Inbox, ana: Agent) -> None:
    (first,) = arrivals(web, 1)
    ends(ana, first)
    (console,) = ana.consoles.all()
    attending.sign_out(user=ana.user, session_key=console.session_key)
    assert listing.wrap_ups(ana.pk) == []


def test_whoever_vanished_finishes_nothing(web: Inbox, ana: Agent) -> None:
    """Gone longer than the grace; a reload ends nothing."""
    Campaign.objects.update(wrap_up=dt.timedelta(hours=1))
    (first,) = arrivals(web, 1)
    ends(ana, first)
    ago = timezone.now() - dt.timedelta(minutes=4)
    ConsoleSession.objects.update(lease_until=ago, closed_at=ago)
    time_is_over()
    assert wrapping_up.expire() == 0
    Campaign.objects.update(wrap_up=dt.timedelta(hours=1))
    for _ in range(5):
        time_is_over()
    ago -= dt.timedelta(minutes=2)
    ConsoleSession.objects.update(lease_until=ago, closed_at=ago)
    assert wrapping_up.expire() == 1


def test_a_bell_is_rung_for_the_moment_it_is_over(
    web: Inbox,
    ana: Agent,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """Not only the clock: P-08 says two seconds."""
    rung: list[tuple[Any, float]] = []
    monkeypatch.setattr(
        publishing, "ring", lambda what, *, countdown: rung.append((what, countdown))
    )
    (first,) = arrivals(web, 1)
    with django_capture_on_commit_callbacks(execute=True):
        ends(ana, first)
    assert rung == [(tasks.expire_wrap_ups.name, pytest.approx(60, abs=1))]


def test_bruno_cannot_finish_for_ana(web: Inbox, ana: Agent, bruno: Agent) -> None:
    (first,) = arrivals(web, 1)
    wrap_up = ends(ana, first)
    assert wrapping_up.ready(agent=bruno, wrap_up=wrap_up) is False
    wrap_up.refresh_from_db()
    assert wrap_up.ended_at is None


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_ready_and_the_clock_free_one_slot(self, web: Inbox, ana: Agent) -> None:
        first, *others = arrivals(web, 4)
        wrap_up = ends(ana, first)
        time_is_over()
        results = at_once(
            [
                wrapping_up.expire,
                wrapping_up.expire,
                lambda: wrapping_up.ready(agent=ana, wrap_up=wrap_up),
                lambda: wrapping_up.ready(agent=ana, wrap_up=wrap_up),
            ]
        )
        assert sum(map(int, results)) == 1
        assert [holder_of(one) for one in others] == [ana, None, None]

    def test_sign_out_and_ready_at_the_same_instant_give_nobody_work(
        self, web: Inbox, ana: Agent
    ) -> None:
        first = arrivals(web, 2)[0]
        wrap_up = ends(ana, first)
        (console,) = ana.consoles.all()
        at_once(
            [
                lambda: wrapping_up.ready(agent=ana, wrap_up=wrap_up),
                lambda: attending.sign_out(user=ana.user, session_key=console.session_key),
            ]
        )
        assert listing.wrap_ups(ana.pk) == []
        assert [f for f in invariants.check(project_id=web.project_id) if not f.holds] == []

    def test_ends_and_readies_of_many_keep_every_limit(self, web: Inbox, ana: Agent) -> None:
        Agent.objects.filter(pk=ana.pk).update(capacity=4)
        attending.accept(agent=ana)
        served = arrivals(web, 12)[:4]
        for conversation in served[:2]:
            ends(ana, conversation)
        open_ones = list(WrapUp.objects.filter(ended_at=None))
        at_once(
            [
                *(lambda w=w: wrapping_up.ready(agent=ana, wrap_up=w) for w in open_ones),
                *(lambda c=c: ends(ana, c) for c in served[2:]),
                wrapping_up.expire,
            ]
        )
        assert listing.loads([ana.pk]) == {ana.pk: 4}
        assert [f for f in invariants.check(project_id=web.project_id) if not f.holds] == []


@pytest.mark.breaks_promises
class TestInvariants:
    def broken(self, web: Inbox) -> set[str]:
        found = invariants.check(project_id=web.project_id)
        return {one.invariant.name for one in found if not one.holds}

    def test_one_that_does_not_end_is_found(self, web: Inbox, ana: Agent) -> None:
        (first,) = arrivals(web, 1)
        wrap_up = ends(ana, first)
        assert self.broken(web) == set()
        WrapUp.objects.filter(pk=wrap_up.pk).update(due_at=timezone.now() - dt.timedelta(minutes=1))
        assert self.broken(web) == {"wrap-ups-end"}

    def test_one_without_an_end_by_its_agent_is_found(
        self, web: Inbox, ana: Agent, bruno: Agent
    ) -> None:
        (first,) = arrivals(web, 1)
        wrap_up = ends(ana, first)
        WrapUp.objects.filter(pk=wrap_up.pk).update(agent=bruno)
        assert self.broken(web) == {"wrap-ups-follow-an-end"}
