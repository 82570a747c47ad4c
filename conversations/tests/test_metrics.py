"""The four figures, against a hand count (R11–R14, R19)."""

import datetime as dt

import pytest

from agents import presence
from agents.models import Agent, ConsoleSession
from contactcenter.testing import arrivals, make_agent, ready, write
from conversations import closing, metrics
from conversations.models import Identity, Inbox, QueueEntry

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
    console = presence.arrive(agent=ana, session_key="a")
    presence.leave(console_id=console.pk)
    assert metrics.figures(web.project).online == 1
    ConsoleSession.objects.update(online_until=dt.datetime.now(dt.UTC))
    assert metrics.figures(web.project).online == 0


def test_sign_out_counts_at_once(web: Inbox, ana: Agent) -> None:
    presence.arrive(agent=ana, session_key="a")
    presence.sign_out(user=ana.user, session_key="a")
    assert metrics.figures(web.project).online == 0


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (59.6, "1:00"), (3599, "59:59"), (3661, "1:01:01"), (None, "–")],
)
def test_times_read_like_a_clock(seconds: float | None, shown: str) -> None:
    assert metrics.clock(seconds) == shown


def test_today_begins_at_midnight_where_the_project_is(web: Inbox) -> None:
    web.project.time_zone = "America/Bogota"
    noon = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)  # still the 20th in Bogotá
    assert metrics.today(web.project, noon).isoformat() == "2026-11-20T00:00:00-05:00"
