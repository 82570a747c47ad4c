"""The four figures, against a hand count (R11–R14, R19)."""

import datetime as dt
import itertools

import pytest
from django.db.models import F
from pytest_django import DjangoAssertNumQueries

from agents import presence
from agents.models import Agent, Campaign, ConsoleSession
from contactcenter.testing import arrivals, make_agent, make_inbox, make_supervisor, ready, write
from conversations import closing, metrics, releasing, routing
from conversations.models import Assignment, Conversation, Identity, Inbox, QueueEntry

pytestmark = pytest.mark.django_db


def waited(web: Inbox, seconds: int, outcome: str = "assigned") -> None:
    """Somebody waited so long, some time today."""
    conversation = write(web).conversation
    now = dt.datetime.now(dt.UTC)
    QueueEntry.objects.filter(conversation=conversation).update(
        arrived_at=now - dt.timedelta(seconds=seconds),
        entered_at=now - dt.timedelta(seconds=seconds),
        ended_at=now,
        outcome=outcome,
    )


def since(conversation: Conversation, seconds: int, *, is_first: bool = True) -> None:
    """Its attended wait was so long."""
    began = F("ended_at") - dt.timedelta(seconds=seconds)
    conversation.queue_entries.filter(is_first=is_first).update(arrived_at=began, entered_at=began)


def test_without_a_sample_there_is_no_time(web: Inbox) -> None:
    shown = metrics.figures(web.project)
    assert (shown.average, shown.maximum, shown.longest, shown.queued) == ("–", "–", "–", 0)


def test_waits_of_10_20_and_60_seconds(web: Inbox) -> None:
    for seconds in (10, 20, 60):
        waited(web, seconds)
    shown = metrics.figures(web.project)
    assert (shown.average, shown.maximum) == ("0:30", "1:00")


def test_those_who_left_and_those_still_waiting_do_not_count(web: Inbox) -> None:
    waited(web, 30)
    waited(web, 600, outcome="abandoned")
    write(web)
    shown = metrics.figures(web.project)
    assert (shown.average, shown.maximum, shown.queued) == ("0:30", "0:30", 1)


def test_who_came_straight_in_did_not_wait(web: Inbox, ana: Agent) -> None:
    ready(ana)
    write(web)
    assert metrics.figures(web.project).average == "–"


def test_queued_users_are_people_not_messages(web: Inbox, lucia: Identity) -> None:
    for _ in range(3):
        write(web, lucia)
    assert metrics.figures(web.project).queued == 1
    (second,) = arrivals(web, 1)
    assert metrics.figures(web.project).queued == 2
    closing.abandon(conversation=second)
    assert metrics.figures(web.project).queued == 1


def test_another_projects_queue_is_not_ours(web: Inbox, mallory: Agent) -> None:
    write(mallory.project.inboxes.get())
    assert metrics.figures(web.project).queued == 0


def test_two_tabs_are_one_agent_and_not_available_counts_as_online(web: Inbox) -> None:
    """R19."""
    ana, bruno = make_agent(web.project, "Ana"), make_agent(web.project, "Bruno")
    for _ in range(2):
        presence.arrive(agent=ana, session_key="a")
    ready(bruno)
    shown = metrics.figures(web.project)
    assert (shown.online, shown.available) == (2, 1)


def test_a_lost_line_counts_for_the_grace_time(web: Inbox, ana: Agent) -> None:
    console_id = presence.arrive(agent=ana, session_key="a")
    presence.leave(console_id=console_id)
    assert metrics.figures(web.project).online == 1
    ConsoleSession.objects.update(online_until=dt.datetime.now(dt.UTC))
    assert metrics.figures(web.project).online == 0


def test_who_is_there_is_the_same_question_everywhere(web: Inbox, mallory: Agent) -> None:
    """The figures' statement against the questions routing asks, for every kind of being there."""
    now, minute = dt.datetime.now(dt.UTC), dt.timedelta(minutes=1)
    kinds = itertools.product([True, False], [True, False], [-minute, minute], [None, now])
    for number, (is_active, is_available, lease, closed_at) in enumerate(kinds):
        agent = make_agent(
            web.project, f"A{number}", is_active=is_active, is_available=is_available
        )
        lines = {"lease_until": now + lease, "closed_at": closed_at, "session_key": "a"}
        for online in (-minute, minute)[number % 2 :]:
            ConsoleSession.objects.create(agent=agent, online_until=now + online, **lines)
    ready(make_supervisor(web.project))
    ready(mallory)
    agents = web.project.agents.filter(is_active=True, is_agent=True)
    shown = metrics.figures(web.project)
    assert (shown.online, shown.available) == (agents.online().count(), agents.accepting().count())
    assert 0 < shown.available < shown.online <= agents.count() == 8


def test_consoles_that_come_back_together_ask_once(
    web: Inbox, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Whoever asks anew, as the heartbeat does after each change, tells it to all."""
    metrics.figures(web.project)
    with django_assert_num_queries(0):
        assert [metrics.lately(web.project).queued for _ in range(3)] == [0, 0, 0]
    write(web)
    metrics.figures(web.project)
    with django_assert_num_queries(0):
        assert metrics.lately(web.project).queued == 1


def test_what_was_known_a_while_ago_is_asked_anew(
    web: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics.figures(web.project)
    write(web)
    monkeypatch.setattr(metrics, "FRESH", 0)
    assert metrics.lately(web.project).queued == 1


def test_sign_out_counts_at_once(web: Inbox, ana: Agent) -> None:
    presence.arrive(agent=ana, session_key="a")
    presence.sign_out(user=ana.user, session_key="a")
    assert metrics.figures(web.project).online == 0


def test_the_window_is_about_the_moment_of_the_assignment(web: Inbox) -> None:
    """Who came yesterday and was attended today counts today, the other way round not."""
    waited(web, 40)
    waited(web, 900)
    midnight = metrics.today(web.project)
    late = QueueEntry.objects.order_by("-pk").first()
    assert late
    for ended_at, shown in [
        (midnight, ("7:50", "15:00", 2)),
        (midnight - dt.timedelta(microseconds=1), ("0:40", "0:40", 1)),
    ]:
        began = ended_at - dt.timedelta(minutes=15)
        QueueEntry.objects.filter(pk=late.pk).update(
            arrived_at=began, entered_at=began, ended_at=ended_at
        )
        figures = metrics.figures(web.project)
        assert (figures.average, figures.maximum, figures.waits) == shown


def test_a_return_to_the_queue_is_no_new_wait(web: Inbox, ana: Agent) -> None:
    """Lucía waited 30 s for Ana; Ana vanished, and Bruno took her much later."""
    conversation = write(web).conversation
    ready(ana)
    routing.fill(web.project.pk)
    since(conversation, 30)
    assert metrics.figures(web.project).average == "0:30"
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    ConsoleSession.objects.update(closed_at=long_ago, lease_until=long_ago)
    Assignment.objects.update(started_at=long_ago)
    assert releasing.release_vanished() == [conversation]
    ready(make_agent(web.project, "Bruno"))
    routing.fill(web.project.pk)
    since(conversation, 3000, is_first=False)
    assert conversation.queue_entries.filter(outcome="assigned").count() == 2
    figures = metrics.figures(web.project)
    assert (figures.average, figures.maximum, figures.waits) == ("0:30", "0:30", 1)


def test_all_campaigns_of_the_project_count_together(web: Inbox, support: Campaign) -> None:
    sales = make_inbox(Campaign.objects.create(project=web.project, name="Sales"))
    for inbox, seconds in ((web, 10), (sales, 50)):
        waited(inbox, seconds)
        write(inbox)
    figures = metrics.figures(web.project)
    assert (figures.average, figures.maximum, figures.queued) == ("0:30", "0:50", 2)


def test_the_longest_wait_now_is_of_who_is_still_there(web: Inbox) -> None:
    waited(web, 5000)
    first, second = arrivals(web, 2)
    for conversation, seconds in ((first, 300), (second, 90)):
        began = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)
        QueueEntry.objects.filter(conversation=conversation).update(entered_at=began)
    longest = metrics.figures(web.project).longest_seconds
    assert longest and 300 <= longest < 320
    closing.abandon(conversation=first)
    longest = metrics.figures(web.project).longest_seconds
    assert longest and 90 <= longest < 110
