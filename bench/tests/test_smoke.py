"""The benchmark itself runs: one part without sockets and one with, as small as they can be."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from bench import report
from bench.scenarios import SCENARIOS
from bench.world import World
from contactcenter.tests.stack import database_url

TINY = {
    "giving": {"agents": 3, "waiting": 12, "ones": 2},
    "starts": {"rate": 8, "seconds": 1, "clock": False},
}
PARTS = [
    pytest.param("giving", marks=pytest.mark.breaks_promises),  # the yardstick gives no reasons
    "starts",
]


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", PARTS)
def test_a_tiny_round_gives_every_row(key: str, tmp_path: Path) -> None:
    scenario = next(each for each in SCENARIOS if each.key == key)
    here = World(database_url(), settings.REDIS_URL, tmp_path)
    arguments = {**TINY[key], "database": connection.settings_dict["NAME"]}
    found = report.lines(scenario, [scenario.measure(here, **arguments)], "abc")
    assert [line["key"] for line in found] == [row.key for row in scenario.rows]
    assert all(line["value"] > 0 and not line["broken"] for line in found)
