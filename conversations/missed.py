"""Who was given a conversation and does not open it loses it (a project's option).

It returns to the front of its line and goes to somebody else where anybody else of the campaign is
ready. So many in a row say that nobody sits there: the agent is Not available then. What is "in a
row" is read from the assignments, newest first; nothing is stored.
"""

import datetime as dt
import uuid

from django.db import connection, transaction

from agents import presence, reasons
from agents.models import Agent, Project
from conversations import broadcasts, returning, routing, toasts
from conversations.models import Assignment, Conversation, Message

UNOPENED = """
SELECT a.project_id, a.id FROM conversations_assignment AS a
JOIN agents_project AS p ON p.id = a.project_id
WHERE a.ended_at IS NULL AND a.opened_at IS NULL AND p.open_within > interval '0'
  AND a.started_at < statement_timestamp() - p.open_within
"""
# The rows of their conversations and theirs, before any screen's: whoever writes or opens at this
# instant takes them in that order.
HOLD = """
SELECT FROM conversations_conversation
WHERE id IN (SELECT conversation_id FROM conversations_assignment WHERE id = ANY(%s))
ORDER BY id FOR NO KEY UPDATE
"""
MISS = """
UPDATE conversations_assignment SET ended_at = %s, outcome = 'missed'
WHERE id = ANY(%s) AND ended_at IS NULL AND opened_at IS NULL RETURNING id
"""
# Of those that were opened or missed the newest: all of them missed, and since the agent last said
# that they take conversations.
IN_A_ROW = """
SELECT count(*) FILTER (WHERE outcome = 'missed'
                          AND ended_at > coalesce(%(since)s::timestamptz, '-infinity'))
FROM (
    SELECT outcome, ended_at FROM conversations_assignment
    WHERE agent_id = %(agent)s AND (opened_at IS NOT NULL OR outcome = 'missed')
    ORDER BY started_at DESC, id DESC LIMIT %(most)s
) AS newest
"""


def take_back() -> list[Conversation]:
    """Return every conversation that was not opened in time. Two workers at once return each
    once."""
    with connection.cursor() as cursor:
        cursor.execute(UNOPENED)
        found = cursor.fetchall()
    returned: list[Conversation] = []
    for project_id in sorted({project_id for project_id, _ in found}):
        returned += _take_back(project_id, [pk for of, pk in found if of == project_id])
    return returned


def _take_back(project_id: int, pks: list[int]) -> list[Conversation]:
    """All of a project in one go: whoever missed too many is out before anything is given out."""
    missed: dict[uuid.UUID, int] = {}
    with transaction.atomic():
        now = routing.lock(project_id)
        ended = _end(pks, now)
        for assignment in ended:
            returning.give_back(assignment, Message.Event.MISSED, now=now)
            missed[assignment.conversation_id] = assignment.agent_id
        for agent_id in set(missed.values()):
            toasts.tell_missed([a.conversation for a in ended if a.agent_id == agent_id], agent_id)
        _judge(project_id, set(missed.values()))
        routing.fill(project_id, now=now, missed=missed)
    return [assignment.conversation for assignment in ended]


def _end(pks: list[int], now: dt.datetime) -> list[Assignment]:
    """Without those that are opened, or over, at this instant."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [pks])
        cursor.execute(MISS, [now, pks])
        ended = [pk for (pk,) in cursor.fetchall()]
    spans = Assignment.objects.filter(pk__in=ended).order_by("started_at", "pk")
    return list(spans.select_related("conversation__contact", "conversation__identity"))


def _judge(project_id: int, agent_ids: set[int]) -> None:
    """Whoever has missed as many in a row as the project allows takes no more until they say so."""
    most = Project.objects.get(pk=project_id).most_missed
    if not most:
        return
    agents = Agent.objects.filter(pk__in=agent_ids, is_available=True).order_by("pk")
    for agent in agents.select_related("project", "user"):
        if missed_in_a_row(agent, most) < most:
            continue
        if presence.declare(agent=agent, is_available=False, reason=reasons.MISSED):
            broadcasts.show_availability(agent)
            toasts.tell_of_missing(agent)


def missed_in_a_row(agent: Agent, most: int) -> int:
    """How many of the newest `most` were missed since the agent accepted; fewer than `most` is no
    row."""
    values = {"agent": agent.pk, "since": agent.available_since, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(IN_A_ROW, values)
        return int(cursor.fetchone()[0])
