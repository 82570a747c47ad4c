"""The figures, one definition each (docs/figures.md): console, board and exports ask here."""

import datetime as dt
import math
import time
import zoneinfo
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from agents.models import Project

NO_SAMPLE = "–"
LATE = 60  # seconds: somebody waits longer than a customer should
VERY_LATE = 180
FRESH = 1.0  # seconds; screens are not told more often either

# One statement, in SQL: every console page and every second of a busy project asks for it, and
# building its four queries with the ORM took a quarter of the page's time. Who is online and who
# accepts is as AgentQuerySet says; a test holds the two together.
FIGURES = """
SELECT waited.*, waiting.*, there.*
FROM (
    SELECT avg(ended_at - arrived_at), max(ended_at - arrived_at), count(*)
    FROM conversations_queueentry
    WHERE project_id = %(project)s AND is_first AND outcome = 'assigned'
      AND ended_at >= %(today)s AND ended_at > entered_at
) AS waited, (
    SELECT count(DISTINCT c.contact_id), statement_timestamp() - min(q.entered_at)
    FROM conversations_queueentry AS q
    JOIN conversations_conversation AS c ON c.id = q.conversation_id
    WHERE q.project_id = %(project)s AND q.ended_at IS NULL
) AS waiting, (
    SELECT count(*) FILTER (WHERE online.is_so), count(*) FILTER (WHERE online.accepts)
    FROM agents_agent AS a
    CROSS JOIN LATERAL (
        SELECT count(*) > 0 AS is_so,
               a.is_available AND bool_or(s.closed_at IS NULL
                                          AND s.lease_until > statement_timestamp()) AS accepts
        FROM agents_consolesession AS s
        WHERE s.agent_id = a.id AND s.online_until > statement_timestamp()
    ) AS online
    WHERE a.project_id = %(project)s AND a.is_active AND a.is_agent
) AS there
"""


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


def zone_of(project: Project) -> zoneinfo.ZoneInfo:
    """When its days begin; UTC where the system does not know the name."""
    try:
        return zoneinfo.ZoneInfo(project.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def today(project: Project, now: dt.datetime | None = None) -> dt.datetime:
    """The start of the window: midnight in the project's time zone, the first one where clocks
    are put back over it."""
    local = (now or timezone.now()).astimezone(zone_of(project))
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def figures(project: Project) -> Figures:
    """Average and maximum are over first waits that ended in an assignment in the window,
    without those assigned in the transaction that queued them."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"project": project.pk, "today": today(project)})
        average, maximum, waits, queued, longest, online, available = cursor.fetchone()
    found = Figures(
        average_seconds=seconds(average),
        maximum_seconds=seconds(maximum),
        waits=waits,
        queued=queued,
        online=online,
        available=available,
        longest_seconds=seconds(longest),
    )
    _known[project.pk] = time.monotonic(), found
    return found


_known: dict[int, tuple[float, Figures]] = {}


def lately(project: Project) -> Figures:
    """The figures as this process knew them at most a moment ago: a thousand consoles that come
    back at once ask for them once. What changed since is on its way to every screen: the heartbeat
    asks anew for each change, and what it found is known here from then on."""
    at, known = _known.get(project.pk, (-math.inf, None))
    return known if known and time.monotonic() - at < FRESH else figures(project)


def seconds(span: dt.timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()
