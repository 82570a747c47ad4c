"""The figures, one definition each (docs/figures.md): console, board and exports ask here."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Min
from django.db.models.functions import Now
from django.utils import timezone

from agents.models import Agent, Project
from conversations.models import QueueEntry

NO_SAMPLE = "–"
LATE = 60  # seconds: somebody waits longer than a customer should
VERY_LATE = 180


@dataclass(frozen=True)
class Figures:
    """A project's four figures and the two beside them; durations in seconds, None = no sample.

    `waits`: how many waits the average and the maximum are from.
    """

    average_seconds: float | None
    maximum_seconds: float | None
    waits: int
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

    @property
    def late(self) -> tuple[int, int]:
        """From when on the longest wait is shown amber, and red; seconds."""
        return LATE, VERY_LATE

    def as_json(self) -> dict[str, float | int | None]:
        return {
            "average": self.average_seconds,
            "maximum": self.maximum_seconds,
            "waits": self.waits,
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
    """The start of the window: midnight in the project's time zone, the first one where clocks
    are put back over it."""
    try:
        zone = zoneinfo.ZoneInfo(project.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = zoneinfo.ZoneInfo("UTC")
    local = (now or timezone.now()).astimezone(zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def figures(project: Project) -> Figures:
    """Average and maximum are over first waits that ended in an assignment in the window,
    without those assigned in the transaction that queued them."""
    waited = ExpressionWrapper(F("ended_at") - F("arrived_at"), output_field=DurationField())
    attended = QueueEntry.objects.filter(
        project=project,
        is_first=True,
        outcome=QueueEntry.Outcome.ASSIGNED,
        ended_at__gte=today(project),
        ended_at__gt=F("entered_at"),
    ).aggregate(average=Avg(waited), maximum=Max(waited), waits=Count("pk"))
    waiting = QueueEntry.objects.filter(project=project, ended_at=None).aggregate(
        people=Count("conversation__contact", distinct=True),
        longest=ExpressionWrapper(Now() - Min("entered_at"), output_field=DurationField()),
    )
    agents = Agent.objects.filter(project=project, is_active=True, is_agent=True)
    return Figures(
        average_seconds=seconds(attended["average"]),
        maximum_seconds=seconds(attended["maximum"]),
        waits=attended["waits"],
        queued=waiting["people"],
        online=agents.online().count(),
        available=agents.accepting().count(),
        longest_seconds=seconds(waiting["longest"]),
    )


def seconds(span: dt.timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()
