"""Times as the figures show them, and when today begins where the project is."""

import datetime as dt

import pytest

from agents.models import Project
from conversations import metrics

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (59.6, "1:00"), (3599, "59:59"), (3661, "1:01:01"), (None, "–")],
)
def test_times_read_like_a_clock(seconds: float | None, shown: str) -> None:
    assert metrics.clock(seconds) == shown


@pytest.mark.parametrize(
    ("zone", "now", "midnight"),
    [
        pytest.param(
            "America/Bogota",
            "2026-11-21T03:00+00:00",
            "2026-11-20T00:00:00-05:00",
            id="still the 20th in Bogotá",
        ),
        pytest.param(
            "America/Bogota",
            "2026-11-21T05:00+00:00",
            "2026-11-21T00:00:00-05:00",
            id="midnight itself",
        ),
        pytest.param(
            "Europe/Madrid",
            "2026-10-25T22:30+00:00",
            "2026-10-25T00:00:00+02:00",
            id="a day of 25 hours",
        ),
        pytest.param(
            "Europe/Madrid",
            "2026-03-29T21:30+00:00",
            "2026-03-29T00:00:00+01:00",
            id="a day of 23 hours",
        ),
        pytest.param(
            "America/Havana",
            "2026-11-01T05:30+00:00",
            "2026-11-01T00:00:00-04:00",
            id="the second half past midnight of one night",
        ),
        pytest.param(
            "no such zone", "2026-11-21T03:00+00:00", "2026-11-21T00:00:00+00:00", id="unknown"
        ),
    ],
)
def test_today_begins_at_midnight_where_the_project_is(zone: str, now: str, midnight: str) -> None:
    begins = metrics.today(Project(time_zone=zone), dt.datetime.fromisoformat(now))
    assert begins.astimezone(dt.UTC) == dt.datetime.fromisoformat(midnight)


def test_a_day_without_midnight_begins_when_its_clocks_are_put_forward() -> None:
    """Santiago, 6 September 2026: 23:59:59 is followed by 1:00."""
    noon = dt.datetime(2026, 9, 6, 15, 0, tzinfo=dt.UTC)
    begins = metrics.today(Project(time_zone="America/Santiago"), noon)
    assert begins.astimezone(dt.UTC) == dt.datetime(2026, 9, 6, 4, 0, tzinfo=dt.UTC)
