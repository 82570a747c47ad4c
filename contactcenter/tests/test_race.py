"""Several processes do all that can happen to one queue at once: the promises hold (P-01–P-07).

RACE_PROCESSES and RACE_ROUNDS make it as long as one likes (CONTRIBUTING.md).
"""

import datetime as dt
import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db.models import F

from agents.models import Agent, Campaign, PauseReason, Project
from contactcenter.testing import make_agent, make_customer, make_inbox, make_project
from contactcenter.tests.judging import judge
from contactcenter.tests.stack import database_url
from conversations import invariants, routing, wrapping_up
from conversations.models import Assignment, Conversation, Offer, QueueEntry, WrapUp

PROCESSES = int(os.environ.get("RACE_PROCESSES", "3"))
ROUNDS = int(os.environ.get("RACE_ROUNDS", "250"))
PATIENCE = 240 + PROCESSES * ROUNDS / 5  # seconds


def race(project: Project) -> list[str]:
    """All racers at once; what each said."""
    racers = [
        subprocess.Popen(
            [sys.executable, "-m", "contactcenter.tests.racing"]
            + [str(number) for number in (project.pk, seed, ROUNDS)],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": database_url()},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in range(PROCESSES)
    ]
    said = [racer.communicate(timeout=PATIENCE) for racer in racers]
    problems = [errors for racer, (_, errors) in zip(racers, said, strict=True) if racer.returncode]
    assert not problems, "\n".join(problems)[-4000:]
    return [out for out, _ in said]


@pytest.mark.django_db(transaction=True)
def test_processes_at_once_break_no_promise() -> None:
    an_instant, soon, a_while = (dt.timedelta(milliseconds=ms) for ms in (1, 100, 300))
    shop = make_project(capacity=4, release_grace=an_instant, open_within=a_while)
    sales = Campaign.objects.create(project=shop, name="Sales", wrap_up=a_while)
    shop.campaigns.update(silent_after=soon, silent_end_after=soon)
    for name in ("Break", "Lunch"):
        PauseReason.objects.create(project=shop, name=name)
    for inbox in (*shop.inboxes.all(), make_inbox(sales), make_inbox(sales)):
        for number in range(10):
            make_customer(inbox, f"Lucía {number}")
    agents = [make_agent(shop, name) for name in ("Ana", "Bruno", "Carla", "Diego", "Elena")]
    teams = {agent.pk: {campaign.pk for campaign in agent.campaigns.all()} for agent in agents}

    changes = [json.loads(line) for said in race(shop) for line in said.splitlines()]
    routing.fill(shop.pk)
    WrapUp.objects.filter(project=shop, ended_at=None).update(due_at=F("started_at"))
    wrapping_up.expire()

    verdict = judge(shop.pk, teams, changes)
    print(f"{PROCESSES} processes × {ROUNDS} rounds: {verdict.judged} assignments judged")
    assert verdict.broken == {}
    assert verdict.judged > PROCESSES * ROUNDS / 15
    assert verdict.among_several > verdict.judged / 20
    assert Assignment.objects.filter(outcome=Assignment.Outcome.RELEASED).exists()
    assert Assignment.objects.filter(outcome=Assignment.Outcome.TRANSFERRED).exists()
    assert Offer.objects.filter(project=shop).exists()
    assert QueueEntry.objects.filter(outcome=QueueEntry.Outcome.ABANDONED).exists()
    if PROCESSES * ROUNDS >= 2_000:  # too rare for a short race
        assert Offer.objects.filter(project=shop, outcome=Offer.Outcome.ACCEPTED).exists()
        assert Assignment.objects.filter(outcome=Assignment.Outcome.MISSED).exists()
        assert Conversation.objects.filter(typification__reserved="inactive").exists()
    assert WrapUp.objects.filter(project=shop).exclude(ended_at=None).exists()
    assert Agent.objects.filter(availability_changes__reason="connection lost").exists()
    assert [finding for finding in invariants.check(project_id=shop.pk) if not finding.holds] == []
