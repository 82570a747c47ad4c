"""A web visitor whose page is gone while waiting has left; whoever only blinked has not."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from agents.models import Agent, Campaign
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import arrivals, at_once, holder_of, place_of, ready, write
from conversations import invariants, leaving, rebalancing, releasing, routing
from conversations.models import Conversation, Identity, Inbox, QueueEntry, Typification

pytestmark = pytest.mark.django_db


def time_passes(minutes: float) -> None:
    """Everything waiting, seen or missed so far was that much earlier."""
    span = dt.timedelta(minutes=minutes)
    Identity.objects.update(seen_at=F("seen_at") - span, missed_at=F("missed_at") - span)
    QueueEntry.objects.update(arrived_at=F("arrived_at") - span, entered_at=F("entered_at") - span)


def is_gone_for(minutes: float) -> list[Conversation]:
    """The clock looks now and then, as it does every 10 s."""
    time_passes(minutes - 1)
    leaving.expire()
    time_passes(1)
    return leaving.expire()


@pytest.fixture
def waiting(web: Inbox, lucia: Identity) -> Conversation:
    return write(web, lucia).conversation


def test_whose_page_is_gone_for_five_minutes_has_left(waiting: Conversation) -> None:
    assert is_gone_for(5.1) == [waiting]
    waiting.refresh_from_db()
    assert not waiting.is_open
    assert waiting.typification.reserved == Typification.Reserved.ABANDONED
    entry = QueueEntry.objects.get(conversation=waiting)
    assert entry.outcome == QueueEntry.Outcome.ABANDONED


def test_a_shorter_absence_takes_nothing_away(waiting: Conversation) -> None:
    assert is_gone_for(4.9) == []


def test_whose_page_is_open_waits_as_long_as_it_takes(
    waiting: Conversation, lucia: Identity
) -> None:
    time_passes(600)
    leaving.renew([lucia.pk])
    assert leaving.expire() == []
    assert is_gone_for(4) == []


def test_zero_is_never(waiting: Conversation) -> None:
    Campaign.objects.update(leave_after=dt.timedelta(0))
    assert is_gone_for(600) == []


def test_the_campaign_says_how_long(waiting: Conversation) -> None:
    Campaign.objects.update(leave_after=dt.timedelta(minutes=30))
    assert is_gone_for(29) == []
    assert is_gone_for(1.5) == [waiting]


@pytest.mark.parametrize("kind", ["whatsapp", "telegram", "api"])
def test_on_other_channels_nobody_leaves(web: Inbox, waiting: Conversation, kind: str) -> None:
    Inbox.objects.update(kind=kind)
    assert is_gone_for(600) == []


def test_after_an_outage_the_pages_have_time_to_say_that_they_are_open(
    waiting: Conversation, lucia: Identity
) -> None:
    """Nobody could be seen for ten minutes: nobody has left by that alone."""
    time_passes(10)
    assert leaving.expire() == []
    leaving.renew([lucia.pk])
    assert is_gone_for(2) == []


def test_what_was_missed_in_an_earlier_wait_does_not_count(
    web: Inbox, waiting: Conversation, lucia: Identity
) -> None:
    is_gone_for(6)
    again = write(web, lucia).conversation
    time_passes(5.5)
    assert leaving.expire() == []
    time_passes(1)
    assert leaving.expire() == [again]


def test_who_is_served_is_not_let_go(web: Inbox, waiting: Conversation, ana: Agent) -> None:
    ready(ana)
    routing.fill(web.project_id)
    assert is_gone_for(60) == []
    assert holder_of(waiting) == ana


def test_who_returned_to_the_queue_is_given_the_time_anew(
    web: Inbox, lucia: Identity, ana: Agent
) -> None:
    """They were gone while they were served, and it was the agent who vanished."""
    ready(ana)
    held = write(web, lucia).conversation
    assignment = held.assignments.get()
    hours = dt.timedelta(hours=2)
    QueueEntry.objects.update(
        arrived_at=F("arrived_at") - hours,
        entered_at=F("entered_at") - hours,
        ended_at=F("ended_at") - hours,
    )
    held.assignments.update(started_at=F("started_at") - hours)
    ana.consoles.update(lease_until=Now() - hours)
    assert releasing.release(assignment)
    leaving.expire()
    time_passes(1)
    assert leaving.expire() == []
    assert place_of(held) == 1


def test_only_who_waits_is_noted(web: Inbox, lucia: Identity, waiting: Conversation) -> None:
    leaving.renew([lucia.pk])
    lucia.refresh_from_db()
    assert lucia.seen_at
    is_gone_for(6)
    Identity.objects.update(seen_at=None)
    leaving.renew([lucia.pk])
    lucia.refresh_from_db()
    assert lucia.seen_at is None


def test_mallorys_visitors_are_not_let_go_for_ours(waiting: Conversation, mallory: Agent) -> None:
    clinic = Inbox.objects.get(project=mallory.project_id)
    theirs = write(clinic).conversation
    leaving.renew([theirs.identity_id])
    Campaign.objects.filter(project=mallory.project_id).update(leave_after=dt.timedelta(hours=9))
    assert is_gone_for(6) == [waiting]


def test_the_clock_does_it_and_the_command_says_who(waiting: Conversation) -> None:
    time_passes(5)
    assert rebalancing.rebalance().left == []
    time_passes(1)
    said = StringIO()
    call_command("rebalance", stdout=said)
    assert said.getvalue() == "Assigned 0. Left while waiting: Lucía.\n"
    said = StringIO()
    call_command("rebalance", "--json", stdout=said)
    assert json.loads(said.getvalue())["left"] == []


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_let_each_go_once(web: Inbox) -> None:
    conversations = arrivals(web, 4)
    time_passes(5)
    leaving.expire()
    time_passes(1)
    left = at_once([leaving.expire] * 3)
    assert sorted(c.pk for one in left for c in one) == sorted(c.pk for c in conversations)
    assert [f for f in invariants.check(project_id=web.project_id) if not f.holds] == []


@pytest.mark.django_db(transaction=True)
def test_back_at_that_instant_they_wait_on_or_it_is_over_and_they_may_begin_anew(
    web: Inbox, ana: Agent
) -> None:
    """The page, the clock and a free agent, all at once: each conversation ends up in one state."""
    conversations = arrivals(web, 6)
    time_passes(5)
    leaving.expire()
    time_passes(1)
    pages = [lambda c=c: leaving.renew([c.identity_id]) for c in conversations[:3]]
    writers = [lambda c=c: write(web, c.identity, "Still there") for c in conversations[2:4]]
    ready(ana)
    at_once([leaving.expire, *pages, *writers, lambda: routing.fill(web.project_id)])
    for conversation in conversations[2:4]:
        assert (
            Conversation.objects.filter(contact=conversation.contact_id, ended_at=None).count() == 1
        )
    assert [f for f in invariants.check(project_id=web.project_id) if not f.holds] == []


@pytest.mark.django_db(transaction=True)
def test_who_is_back_between_the_clocks_look_and_its_lock_waits_on(web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    time_passes(5)
    leaving.expire()
    time_passes(1)
    with ThreadPoolExecutor(1) as clock:
        with transaction.atomic():
            routing.lock(web.project_id)
            left = clock.submit(expire_in_a_thread)
            wait_until(somebody_waits, 20)
            leaving.renew([conversation.identity_id])
        assert left.result(timeout=30) == []
    assert place_of(conversation) == 1


def expire_in_a_thread() -> list[Conversation]:
    try:
        return leaving.expire()
    finally:
        connection.close()


def somebody_waits() -> bool:
    """For a lock of ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
