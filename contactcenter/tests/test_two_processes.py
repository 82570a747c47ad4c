"""Two processes fill, end and arrive at once: what was promised holds (P-01–P-07)."""

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone

from agents.models import ConsoleSession
from contactcenter.testing import make_agent, make_project, ready
from contactcenter.tests.stack import database_url
from conversations import invariants, routing
from conversations.models import Assignment, QueueEntry

ROUNDS = int(os.environ.get("RACE_ROUNDS", "500"))


@pytest.mark.django_db(transaction=True)
def test_500_rounds_of_two_processes_break_no_promise() -> None:
    shop = make_project(capacity=4)
    for name in ("Ana", "Bruno", "Carla"):
        ready(make_agent(shop, name))
    an_hour = timezone.now() + dt.timedelta(hours=1)
    ConsoleSession.objects.update(lease_until=an_hour, online_until=an_hour)
    racers = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "contactcenter.tests.racing",
                str(shop.pk),
                str(seed),
                str(ROUNDS),
            ],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": database_url()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for seed in (1, 2)
    ]
    outputs = [racer.communicate(timeout=240)[0] for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0], "\n".join(outputs)[-4000:]
    routing.fill(shop.pk)
    assert QueueEntry.objects.count() > ROUNDS / 4
    assert Assignment.objects.count() > ROUNDS / 4
    assert [finding for finding in invariants.check(project_id=shop.pk) if not finding.holds] == []
