"""Evenly, and nobody forgotten (P-07, P-08): broken on purpose, and named."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from agents.models import Agent
from contactcenter.testing import order_status, ready
from conversations.models import QueueEntry
from conversations.tests.breaking import MINUTE, assign_by_hand, broken, change, line

__all__ = ["line"]  # a fixture
pytestmark = pytest.mark.django_db


def test_given_to_somebody_who_had_more(line: list[QueueEntry], ana: Agent) -> None:
    assign_by_hand(line[0], ana)
    second = assign_by_hand(line[1], ana)
    change(second, reason=second.reason | {"others": {"Bruno": 0}})
    assert broken() == {"given-to-the-fewest": [str(second.pk)]}
    change(second, reason=second.reason | {"others": {"Bruno": 1}})
    assert broken() == {}


def age_all(seconds: int) -> None:
    """As if all that has happened had happened so long ago."""
    with connection.cursor() as cursor:
        for table, columns in {
            "conversations_queueentry": ("arrived_at", "entered_at"),
            "agents_consolesession": ("opened_at",),
            "agents_agent": ("available_since",),
        }.items():
            for column in columns:
                cursor.execute(
                    f"UPDATE {table} SET {column} = {column} - make_interval(secs => %s)", [seconds]
                )


@pytest.fixture
def forgotten(line: list[QueueEntry], ana: Agent) -> list[str]:
    """Three wait beside Ana, who has been ready for a while: nobody called `fill`."""
    ready(ana)
    age_all(11)
    assert broken() == {}, "somebody may be about to"
    age_all(2)
    return sorted(str(entry.pk) for entry in line)


def test_somebody_waits_beside_a_ready_agent(forgotten: list[str]) -> None:
    assert broken() == {"nobody-waits-beside-room": forgotten}


def become_full(ana: Agent) -> None:
    change(ana, capacity=0)


def pause(ana: Agent) -> None:
    change(ana, is_available=False)


def go(ana: Agent) -> None:
    ana.consoles.update(closed_at=timezone.now(), lease_until=timezone.now())


def vanish(ana: Agent) -> None:
    ana.consoles.update(lease_until=timezone.now() - MINUTE)


def leave_the_campaign(ana: Agent) -> None:
    ana.campaigns.clear()


def come_back_just_now(ana: Agent) -> None:
    ana.consoles.update(opened_at=timezone.now())


def press_accept_just_now(ana: Agent) -> None:
    change(ana, available_since=timezone.now())


@pytest.mark.parametrize(
    "reason",
    [
        become_full,
        pause,
        go,
        vanish,
        leave_the_campaign,
        come_back_just_now,
        press_accept_just_now,
    ],
)
def test_whoever_cannot_take_them_lets_nobody_wait(
    forgotten: list[str], ana: Agent, reason: Callable[[Agent], None]
) -> None:
    reason(ana)
    assert broken() == {}


def test_whose_slot_became_free_a_moment_ago(line: list[QueueEntry], ana: Agent) -> None:
    """The clock has twelve seconds for what a killed process left undone."""
    change(ana, capacity=1)
    ready(ana)
    held = assign_by_hand(line[0], ana)
    change(held, reason=held.reason | {"limit": 1})
    age_all(20)
    assert broken() == {}
    now = timezone.now()
    change(held, ended_at=now, outcome="ended")
    change(held.conversation, ended_at=now, typification=order_status(ana.project))
    change(held, started_at=now - 2 * MINUTE)
    assert "nobody-waits-beside-room" not in broken()
