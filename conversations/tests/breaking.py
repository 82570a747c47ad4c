"""What the promises are broken on: a busy day and a line of three; and what is found then.

The constraints that forbid it are taken away first, inside the story's own transaction.
"""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from agents.models import Agent, Project, Screen
from contactcenter.testing import arrivals, order_status, ready
from conversations import closing, invariants, outbound
from conversations.models import Assignment, Inbox, QueueEntry

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def busy(shop: Project, web: Inbox, ana: Agent) -> Project:
    """Ana ended one, serves two and answered; two wait; one left."""
    Agent.objects.filter(pk=ana.pk).update(capacity=2)
    ready(ana)
    first, second, *_, last = arrivals(web, 6)
    closing.end(agent=ana, conversation=first, typification=order_status(shop))
    closing.abandon(conversation=last)
    outbound.send(agent=ana, conversation=second, client_id=last.pk, text="On its way")
    return shop


@pytest.fixture
def line(shop: Project, web: Inbox, ana: Agent, bruno: Agent) -> list[QueueEntry]:
    """Three wait, nobody is there; Ana and Bruno have a screen."""
    Screen.objects.bulk_create([Screen(agent=ana), Screen(agent=bruno)])
    arrivals(web, 3)
    return list(QueueEntry.objects.order_by("pk"))


@pytest.fixture
def clinic(mallory: Agent) -> Project:
    return mallory.project


def broken(
    project: Project | None = None, since: dt.datetime | None = None
) -> dict[str, list[str]]:
    """The names of what does not hold, with the ids found."""
    found = invariants.check(project_id=project and project.pk, since=since)
    return {finding.invariant.name: finding.ids for finding in found if not finding.holds}


def without(*constraints: str) -> None:
    """Take a table's constraints or unique indexes away: `table.name`."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for constraint in constraints:
            table, name = constraint.split(".")
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}"')
            cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def served(project: Project) -> Assignment:
    return Assignment.objects.filter(project=project, ended_at=None).order_by("pk").first()


def waiting(project: Project) -> QueueEntry:
    return QueueEntry.objects.filter(project=project, ended_at=None).order_by("pk").first()


def change(row: Any, **values: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**values)


def assign_by_hand(entry: QueueEntry, agent: Agent) -> Assignment:
    """Somebody who does not look at the line."""
    now = timezone.now()
    change(entry, ended_at=now, outcome="assigned")
    load = Assignment.objects.filter(agent=agent, ended_at=None).count()
    return Assignment.objects.create(
        project=entry.project,
        campaign=entry.campaign,
        conversation=entry.conversation,
        agent=agent,
        queue_entry=entry,
        started_at=now,
        reason={"load": load, "limit": 6},
    )
