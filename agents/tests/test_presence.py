"""Declared, connected, online: three facts, three clocks."""

import datetime as dt

import pytest
from django.utils import timezone

from agents import presence
from agents.models import Agent, AvailabilityChange, ConsoleSession
from contactcenter.testing import ready

pytestmark = pytest.mark.django_db


def is_(agent: Agent) -> dict[str, bool]:
    mine = Agent.objects.filter(pk=agent.pk)
    return {
        "connected": mine.connected().exists(),
        "online": mine.online().exists(),
        "accepting": mine.accepting().exists(),
    }


def test_an_open_console_connects(ana: Agent) -> None:
    presence.arrive(agent=ana, session_key="a")
    assert is_(ana) == {"connected": True, "online": True, "accepting": False}


def test_a_dead_process_leaves_its_lease_to_run_out(ana: Agent) -> None:
    """Killed without a goodbye: connected until the lease ends, online a grace longer."""
    ready(ana)
    now = timezone.now()
    ConsoleSession.objects.update(lease_until=now, online_until=now + presence.ONLINE_GRACE)
    assert is_(ana) == {"connected": False, "online": True, "accepting": False}


def test_two_tabs_are_one_person(ana: Agent) -> None:
    first = presence.arrive(agent=ana, session_key="a")
    presence.arrive(agent=ana, session_key="a")
    presence.leave(console_id=first)
    assert is_(ana)["connected"]


def test_pressing_twice_is_one_change(ana: Agent) -> None:
    assert presence.declare(agent=ana, is_available=True) is True
    assert presence.declare(agent=ana, is_available=True) is False
    assert AvailabilityChange.objects.filter(agent=ana).count() == 1


def test_sign_out_ends_presence_at_once_in_all_tabs_of_the_session(ana: Agent) -> None:
    for _ in range(2):
        presence.arrive(agent=ana, session_key="a")
    presence.declare(agent=ana, is_available=True)
    presence.sign_out(user=ana.user, session_key="a")
    ana.refresh_from_db()
    assert is_(ana) == {"connected": False, "online": False, "accepting": False}
    assert not ana.is_available


def test_sign_out_here_leaves_the_console_open_elsewhere(ana: Agent) -> None:
    presence.arrive(agent=ana, session_key="desk")
    presence.arrive(agent=ana, session_key="phone")
    presence.declare(agent=ana, is_available=True)
    presence.sign_out(user=ana.user, session_key="desk")
    assert is_(ana) == {"connected": True, "online": True, "accepting": True}


def test_a_new_sign_in_starts_not_available(ana: Agent) -> None:
    presence.declare(agent=ana, is_available=True)
    presence.sign_in(ana.user)
    ana.refresh_from_db()
    assert not ana.is_available


def test_monday_morning_nobody_is_handed_six_people(ana: Agent) -> None:
    """Gone longer than the grace: Not available, with the reason."""
    ready(ana)
    long_ago = timezone.now() - dt.timedelta(minutes=6)
    ConsoleSession.objects.update(lease_until=long_ago, online_until=long_ago)
    Agent.objects.update(available_since=long_ago)
    assert presence.expire() == [ana]
    ana.refresh_from_db()
    assert (ana.is_available, ana.availability_reason) == (False, presence.CONNECTION_LOST)


def test_a_short_absence_changes_nothing_declared(ana: Agent) -> None:
    ready(ana)
    a_minute_ago = timezone.now() - dt.timedelta(minutes=1)
    ConsoleSession.objects.update(lease_until=a_minute_ago)
    Agent.objects.update(available_since=timezone.now() - dt.timedelta(hours=1))
    assert presence.expire() == []


def test_a_console_without_its_session_or_rights_is_not_renewed(ana: Agent, bruno: Agent) -> None:
    """P-15: the process that holds the socket then closes it."""
    gone = presence.arrive(agent=ana, session_key="no such session")
    assert presence.renew({gone: ana}) == set()
