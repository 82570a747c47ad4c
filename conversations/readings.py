"""What an operator's instruments read: facts of the database, of all projects, for /metrics.

The figures people see are in metrics.py, and mean the same here.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Count, Min
from django.db.models.functions import Now

from agents.models import Agent, AgentQuerySet, ConsoleSession, Project
from conversations.models import Assignment, Delivery, QueueEntry
from media.models import Upload

LIMIT = "1500ms"  # for each statement
WINDOW = dt.timedelta(hours=1)


@dataclass
class Readings:
    """By project address, except where said. Ages in seconds."""

    waiting: dict[str, int] = field(default_factory=dict)
    longest: dict[str, float] = field(default_factory=dict)
    online: dict[str, int] = field(default_factory=dict)
    available: dict[str, int] = field(default_factory=dict)
    # By project and outcome, in the last hour.
    waits_ended: dict[tuple[str, str], int] = field(default_factory=dict)
    servings_ended: dict[tuple[str, str], int] = field(default_factory=dict)
    # Of all projects together.
    assignments: int = 0
    leases_expired: int = 0
    deliveries_pending: int = 0
    oldest_delivery: float = 0.0
    files_checking: int = 0
    oldest_file: float = 0.0


def read() -> Readings:
    """A few statements, with a time limit each, all as of one moment."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true), now()", [LIMIT])
            now = cursor.fetchone()[1]
        return _read(now)


def _read(now: dt.datetime) -> Readings:
    slugs = dict(Project.objects.values_list("pk", "slug"))
    waiting = QueueEntry.objects.filter(ended_at=None).values_list("project")
    lines = list(waiting.annotate(Count("pk"), Min("entered_at")))
    deliveries = Delivery.objects.filter(state=Delivery.State.PENDING)
    pending = deliveries.aggregate(count=Count("pk"), oldest=Min("due_at"))
    unchecked = Upload.objects.filter(state=Upload.State.CHECKING)
    checking = unchecked.aggregate(count=Count("pk"), oldest=Min("created_at"))
    people = Agent.objects.filter(is_active=True, is_agent=True)
    none = dict.fromkeys(slugs.values(), 0)
    return Readings(
        waiting=none | {slugs[pk]: count for pk, count, _ in lines},
        longest=none | {slugs[pk]: age(now, oldest) for pk, _, oldest in lines},
        online=none | _by_project(people.online(), slugs),
        available=none | _by_project(people.accepting(), slugs),
        waits_ended=_outcomes(QueueEntry, slugs),
        servings_ended=_outcomes(Assignment, slugs),
        assignments=_ever_numbered(Assignment),
        leases_expired=ConsoleSession.objects.filter(
            closed_at=None, lease_until__range=(Now() - WINDOW, Now())
        ).count(),
        deliveries_pending=pending["count"],
        oldest_delivery=age(now, pending["oldest"]),
        files_checking=checking["count"],
        oldest_file=age(now, checking["oldest"]),
    )


def _by_project(agents: AgentQuerySet, slugs: dict[int, str]) -> dict[str, int]:
    count = Counter(agents.values_list("project", flat=True))
    return {slugs[pk]: number for pk, number in count.items()}


def _outcomes(
    model: type[QueueEntry] | type[Assignment], slugs: dict[int, str]
) -> dict[tuple[str, str], int]:
    """Ended in the last hour, by project and how. Its index begins with the project."""
    ended = model.objects.filter(project__in=list(slugs), ended_at__gte=Now() - WINDOW)
    rows = ended.values_list("project", "outcome").annotate(Count("pk")).order_by()
    known = {(slug, str(outcome)): 0 for slug in slugs.values() for outcome in model.Outcome}
    return known | {(slugs[pk], outcome): count for pk, outcome, count in rows}


def _ever_numbered(model: type[Assignment]) -> int:
    """How many there ever were, without counting them: the last number given out (those of
    transactions that were undone are in it)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)",
            [model._meta.db_table],
        )
        return int(cursor.fetchone()[0] or 0)


def age(now: dt.datetime, since: dt.datetime | None) -> float:
    """Seconds; 0 for nobody, and for what lies ahead."""
    return max(0.0, (now - since).total_seconds()) if since else 0.0
