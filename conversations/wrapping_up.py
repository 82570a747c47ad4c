"""Finishing after an end (a campaign's option): the slot stays taken until its time is over or the
agent says Ready.

A doorbell rings when it is over; the clock finds it where nobody heard.
"""

import datetime as dt
from collections import defaultdict

from django.db import connection, transaction

from agents import publishing
from agents.models import Agent
from conversations import broadcasts, routing
from conversations.models import Assignment, WrapUp

BELL = "conversations.tasks.expire_wrap_ups"
A_MOMENT = 0.1  # seconds: the bell must not ring before the database says that it is time

# Over, or their agent has been gone longer than the project's grace: nobody finishes anything.
OVER = """
SELECT w.project_id, w.id, w.agent_id FROM conversations_wrapup AS w
JOIN agents_project AS p ON p.id = w.project_id
WHERE w.ended_at IS NULL
  AND (w.due_at <= statement_timestamp()
       OR p.release_grace > interval '0'
          AND w.started_at < statement_timestamp() - p.release_grace
          AND NOT EXISTS (SELECT FROM agents_consolesession AS s
                          WHERE s.agent_id = w.agent_id
                            AND s.lease_until > statement_timestamp() - p.release_grace))
ORDER BY w.project_id, w.id
"""


def begin(assignment: Assignment, *, now: dt.datetime) -> WrapUp | None:
    """After the agent's own ending, in its transaction and under its lock; None where the campaign
    has no wrap-up."""
    span = assignment.campaign.wrap_up
    if not span:
        return None
    wrap_up = WrapUp.objects.create(
        project_id=assignment.project_id,
        agent_id=assignment.agent_id,
        assignment=assignment,
        started_at=now,
        due_at=now + span,
    )
    broadcasts.show_wrap_ups(assignment.agent_id)
    wait = span.total_seconds() + A_MOMENT
    transaction.on_commit(lambda: publishing.ring(BELL, countdown=wait), robust=True)
    return wrap_up


def ready(*, agent: Agent, wrap_up: WrapUp) -> bool:
    """The agent has finished: the slot is free at once. Pressing twice is once; False then."""
    return bool(_end(agent.project_id, {agent.pk: [wrap_up.pk]}))


def stop(*, agent: Agent) -> bool:
    """The agent signed out: nothing is being finished any more."""
    mine = WrapUp.objects.filter(agent=agent, ended_at=None).values_list("pk", flat=True)
    found = list(mine)
    return bool(found and _end(agent.project_id, {agent.pk: found}))


def expire() -> int:
    """End those whose time is over; returns how many. Two workers at once end each once."""
    with connection.cursor() as cursor:
        cursor.execute(OVER)
        found = cursor.fetchall()
    projects: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for project_id, pk, agent_id in found:
        projects[project_id][agent_id].append(pk)
    return sum(_end(project_id, agents) for project_id, agents in projects.items())


def _end(project_id: int, agents: dict[int, list[int]]) -> int:
    """These wrap-ups of these agents; the freed slots go to the queue."""
    ended = 0
    with transaction.atomic():
        now = routing.lock(project_id)
        for agent_id, pks in sorted(agents.items()):
            mine = WrapUp.objects.filter(pk__in=pks, agent=agent_id, ended_at=None)
            if count := mine.update(ended_at=now):
                ended += count
                broadcasts.show_wrap_ups(agent_id)
        if ended:
            broadcasts.show_queue(project_id)
            routing.fill(project_id, now=now)
    return ended
