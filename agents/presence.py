"""Who is there, in three facts: declared (available or not), connected (a console is open now),
online (connected, or a moment ago).

The three clocks (domain.md, "Giving out work"): a console's lease runs LEASE after its web
process last renewed it; *online* lasts ONLINE_GRACE longer, so that a reload is no flicker; and
after the project's release grace a vanished agent's declaration turns to Not available.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from agents.models import Agent, AvailabilityChange, ConsoleSession, User
from agents.reasons import CONNECTION_LOST, SIGNED_IN, SIGNED_OUT

LEASE = dt.timedelta(seconds=15)
ONLINE_GRACE = dt.timedelta(seconds=30)

# In SQL because at a restart a thousand consoles leave and arrive at once: building these with the
# ORM took ten times as long as running them.
ARRIVE = """
INSERT INTO agents_consolesession (agent_id, session_key, lease_until, online_until)
VALUES (%s, %s, statement_timestamp() + %s, statement_timestamp() + %s) RETURNING id
"""
LEAVE = """
UPDATE agents_consolesession
SET closed_at = statement_timestamp(), lease_until = statement_timestamp(),
    online_until = statement_timestamp() + %s
WHERE id = %s AND closed_at IS NULL
"""


def arrive(*, agent: Agent, session_key: str) -> int:
    """A console opened: the agent is connected from now on. Returns the console's id."""
    values: list[Any] = [agent.pk, session_key, LEASE, LEASE + ONLINE_GRACE]
    with connection.cursor() as cursor:
        cursor.execute(ARRIVE, values)
        return int(cursor.fetchone()[0])


def leave(*, console_id: int) -> None:
    """A console closed; the agent counts as online a moment longer."""
    values: list[Any] = [ONLINE_GRACE, console_id]
    with connection.cursor() as cursor:
        cursor.execute(LEAVE, values)


def renew(consoles: Mapping[int, Agent]) -> set[int]:
    """Renew all leases of a web process in one statement; returns those that still may be open.

    Each with its agent as they were when it opened. Not renewed is a console of a deactivated
    agent or user, of an ended Django session, and of somebody whose password or project is
    another by now: whoever holds its socket asks them at the door again (promise P-15).
    """
    allowed = ConsoleSession.objects.filter(
        Exists(Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=Now())),
        pk__in=consoles,
        closed_at=None,
        agent__is_active=True,
        agent__is_agent=True,
        agent__user__is_active=True,
    )
    now = allowed.values_list("pk", "agent__project", "agent__user", "agent__user__password")
    ids = {pk for pk, *facts in now if facts == _facts(consoles[pk])}
    ConsoleSession.objects.filter(pk__in=ids, closed_at=None).update(
        lease_until=Now() + LEASE, online_until=Now() + LEASE + ONLINE_GRACE
    )
    return ids


def _facts(agent: Agent) -> list[object]:
    """What a console was opened with; the password's hash is also what its session hangs on."""
    return [agent.project_id, agent.user_id, agent.user.password]


def declare(*, agent: Agent, is_available: bool, reason: str = "") -> bool:
    """Note what the agent wants; returns whether that is a change. Pressing twice is one, and a
    reason that was given stays."""
    return _note(agent, is_available, reason, Q(is_available=is_available))


def explain(*, agent: Agent, reason: str) -> bool:
    """Note why the agent is not available from now on; returns whether that is a change."""
    return _note(agent, False, reason, Q(is_available=False, availability_reason=reason))


def _note(agent: Agent, is_available: bool, reason: str, same: Q) -> bool:
    with transaction.atomic():
        changed = (
            Agent.objects.filter(pk=agent.pk)
            .exclude(same)
            .update(is_available=is_available, availability_reason=reason, available_since=Now())
        )
        if changed:
            AvailabilityChange.objects.create(agent=agent, is_available=is_available, reason=reason)
    agent.refresh_from_db(fields=["is_available", "availability_reason", "available_since"])
    return bool(changed)


def is_connected(agent: Agent) -> bool:
    return Agent.objects.filter(pk=agent.pk).connected().exists()


def sign_in(user: User) -> None:
    """A new sign-in starts Not available, whatever it was before, unless a console of theirs is
    open elsewhere."""
    agents = Agent.objects.filter(user=user)
    is_plain = {"is_available": False, "availability_reason": ""}
    for agent in agents.exclude(pk__in=agents.connected().values("pk")).exclude(**is_plain):
        explain(agent=agent, reason=SIGNED_IN)


def sign_out(*, user: User, session_key: str) -> list[Agent]:
    """End this session's consoles at once; returns the agents that have none left."""
    ConsoleSession.objects.filter(
        agent__user=user, session_key=session_key, online_until__gt=Now()
    ).update(closed_at=Now(), lease_until=Now(), online_until=Now())
    mine = Agent.objects.filter(user=user)
    gone = list(mine.exclude(pk__in=mine.connected().values("pk")).select_related("project"))
    for agent in gone:
        # A tab of this session that closed a moment ago must not keep them "online".
        agent.consoles.filter(online_until__gt=Now()).update(online_until=Now())
        explain(agent=agent, reason=SIGNED_OUT)
    return gone


def expire(agents: Iterable[Agent] | None = None) -> list[Agent]:
    """Declare Not available whoever has been offline longer than the project's release grace.

    Whoever opens the laptop on Monday is not handed six people before touching anything.
    """
    gone = Agent.objects.filter(
        is_available=True, project__release_grace__gt=dt.timedelta(0)
    ).exclude(
        Exists(
            ConsoleSession.objects.filter(
                agent=OuterRef("pk"),
                lease_until__gt=Now() - OuterRef("project__release_grace"),
            )
        )
    )
    gone = gone.filter(available_since__lt=Now() - F("project__release_grace"))
    return [
        agent
        for agent in gone.select_related("project", "user")
        if declare(agent=agent, is_available=False, reason=CONNECTION_LOST)
    ]
