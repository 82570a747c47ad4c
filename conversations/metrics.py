"""The figures, one definition each (docs/figures.md): console, board and exports ask here."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Min
from django.utils import timezone

from agents.models import Agent, Project
from conversations.models import QueueEntry

NO_SAMPLE = "–"


@dataclass(frozen=True)
class Figures:
    """A project's four figures and the two beside them; durations in seconds, None = no sample."""

    average_seconds: float | None
    maximum_seconds: float | None
    queued: int
    online: int
    available: int
    longest_seconds: float | None

    @property
    def average(self) -> str:
        return clock(self.average_seconds)

    @property
    def maximum(self) -> str:
        return clock(self.maximum_seconds)

    @property
    def longest(self) -> str:
        return clock(self.longest_seconds)

    def as_json(self) -> dict[str, float | int | None]:
        return {
            "average": self.average_seconds,
            "maximum": self.maximum_seconds,
            "queued": self.queued,
            "online": self.online,
            "available": self.available,
            "longest": self.longest_seconds,
        }


def clock(seconds: float | None) -> str:
    """m:ss, from an hour on h:mm:ss; "–" without a sample."""
    if seconds is None:
        return NO_SAMPLE
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def today(project: Project, now: dt.datetime | None = None) -> dt.datetime:
    """The start of the window: midnight in the project's time zone."""
    try:
        zone = zoneinfo.ZoneInfo(project.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = zoneinfo.ZoneInfo("UTC")
    local = (now or timezone.now()).astimezone(zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def figures(project: Project) -> Figures:
    """Average and maximum are over first waits that began in the window and ended in an
    assignment, without those assigned in the transaction that queued them."""
    waited = ExpressionWrapper(F("ended_at") - F("arrived_at"), output_field=DurationField())
    attended = QueueEntry.objects.filter(
        project=project,
        is_first=True,
        outcome=QueueEntry.Outcome.ASSIGNED,
        ended_at__gte=today(project),
        ended_at__gt=F("entered_at"),
    ).aggregate(average=Avg(waited), maximum=Max(waited))
    waiting = QueueEntry.objects.filter(project=project, ended_at=None).aggregate(
        people=Count("conversation__contact", distinct=True), since=Min("entered_at")
    )
    agents = Agent.objects.filter(project=project, is_active=True, is_agent=True)
    return Figures(
        average_seconds=seconds(attended["average"]),
        maximum_seconds=seconds(attended["maximum"]),
        queued=waiting["people"],
        online=agents.online().count(),
        available=agents.accepting().count(),
        longest_seconds=seconds(waiting["since"] and timezone.now() - waiting["since"]),
    )


def seconds(span: dt.timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()
