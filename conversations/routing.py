"""Who gets which conversation: strictly first in, first out, to the ready agent with the fewest.

One lock for a project's routing, its project row; whatever starts an Assignment holds it. Loads
are counted under it, never stored. Lock order: routing → conversation → screens.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from agents import counting
from agents.models import Agent, Project
from conversations import broadcasts, roster
from conversations.colleagues import Colleague
from conversations.models import Conversation, QueueEntry
from conversations.teams import Given, Team

IN_THIS_RUN = 2**63  # later than any stored assignment
NOBODY: Mapping[uuid.UUID, int] = {}
Row = dict[str, Any]  # of START


# The outer question is answered when the inner one has the row: the time is that of the lock.
LOCK = """
WITH held AS MATERIALIZED (
    SELECT id FROM agents_project WHERE id = %s FOR NO KEY UPDATE
)
SELECT clock_timestamp() FROM held
"""

ENQUEUE = """
INSERT INTO conversations_queueentry
    (project_id, campaign_id, conversation_id, priority, arrived_at, entered_at, outcome, is_first)
VALUES (%s, %s, %s, 0, %s, %s, '', true)
RETURNING id
"""

# Whoever stores a message at this moment holds its conversation's row: waiting for it here means
# that either our screen shows the message or its push finds the new holder. Ids grow in the order
# of the decisions: the last one tells whose turn it is.
START = """
WITH given AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%(given)s) AS (
        entry bigint, campaign bigint, conversation uuid, agent bigint, reason jsonb
    )) WITH ORDINALITY AS g (entry, campaign, conversation, agent, reason, turn)
), held AS (
    SELECT FROM conversations_conversation
    WHERE id = ANY(ARRAY(SELECT conversation FROM given)) ORDER BY id FOR NO KEY UPDATE
), left_line AS (
    UPDATE conversations_queueentry AS q
    SET ended_at = greatest(q.entered_at, %(now)s), outcome = 'assigned'
    FROM given WHERE q.id = given.entry
)
INSERT INTO conversations_assignment
    (project_id, campaign_id, conversation_id, agent_id, queue_entry_id, started_at, outcome,
     reason)
SELECT %(project)s, campaign, conversation, agent, entry, %(now)s, '', reason
FROM given, (SELECT count(*) FROM held) AS all_of_them
ORDER BY turn
"""


def lock(project_id: int) -> dt.datetime:
    """Wait for this project's routing; held until the transaction ends. Returns the time.

    A statement of its own: the next one sees what the last holder committed. NO KEY, or every
    insert that refers to the project would wait for it. The time is the database's, taken under
    the lock: arrivals on several machines are stamped in the order of the line.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [project_id])
        return cursor.fetchone()[0]


def enqueue(conversation: Conversation, *, now: dt.datetime) -> int:
    """Put a new conversation at the end of its campaign's line; returns the entry's id. Holds the
    routing lock."""
    project, campaign = conversation.project_id, conversation.campaign_id
    with connection.cursor() as cursor:
        cursor.execute(ENQUEUE, [project, campaign, conversation.pk, now, now])
        return int(cursor.fetchone()[0])


def enqueue_again(conversation: Conversation, *, now: dt.datetime) -> QueueEntry:
    """Back to where it stood in the line: its arrival and priority are those of its first wait,
    which is the one that counts in the figures. Holds the routing lock."""
    first = conversation.queue_entries.order_by("arrived_at").first()
    return QueueEntry.objects.create(
        project_id=conversation.project_id,
        campaign_id=conversation.campaign_id,
        conversation=conversation,
        priority=first.priority if first else 0,
        arrived_at=first.arrived_at if first else conversation.started_at,
        entered_at=now,
        is_first=False,
    )


@counting.fills.time()
def fill(
    project_id: int,
    *,
    now: dt.datetime | None = None,
    missed: Mapping[uuid.UUID, int] = NOBODY,
) -> list[Given]:
    """Give out everything that can be given out now, in one go; returns what was assigned.

    `now` is what `lock` returned to a caller who holds it already. `missed` says from whom a
    conversation was taken back in this transaction: they get it again only where nobody else of
    the campaign is ready.
    """
    with transaction.atomic(savepoint=False):
        now = now or lock(project_id)
        given = list(_matches(roster.teams(project_id), missed))
        if given:
            _start(project_id, [_row(each) for each in given], now)
            broadcasts.show_assignments(given)
            broadcasts.show_queue(project_id)
        return given


def _matches(teams: dict[int, Team], missed: Mapping[uuid.UUID, int]) -> Iterator[Given]:
    """Of campaigns with a free slot only, each as many as it could place: the 500 oldest of a
    full one must not hide the one whose agents are free."""
    turns = count(IN_THIS_RUN)
    free = {campaign_id: team.free for campaign_id, team in teams.items() if team.heap}
    for entry in roster.oldest(free) if free else []:
        team = teams[entry.campaign_id]
        but = missed.get(entry.conversation_id)
        if agent := team.best(but):
            yield Given(entry, agent, team.reason(agent, but))
            agent.take(next(turns))


def _row(given: Given) -> Row:
    entry = given.entry
    return {
        "entry": entry.pk,
        "campaign": entry.campaign_id,
        "conversation": str(entry.conversation_id),
        "agent": given.agent_id,
        "reason": given.reason,
    }


def hand(
    conversations: list[Conversation], *, taker: Colleague, giver: Agent, now: dt.datetime
) -> None:
    """Begin their serving by `taker`, past the queue. Whoever calls has ended what was before, and
    asked for that many free slots, under the lock."""
    rows: list[Row] = [
        {
            "entry": None,
            "campaign": conversation.campaign_id,
            "conversation": str(conversation.pk),
            "agent": taker.pk,
            "reason": {
                "load": taker.load + number,
                "limit": taker.limit,
                "transfer": {"from": giver.name},
            },
        }
        for number, conversation in enumerate(conversations)
    ]
    _start(giver.project_id, rows, now)


def _start(project_id: int, rows: list[Row], now: dt.datetime) -> None:
    """End their waiting, begin their serving."""
    with connection.cursor() as cursor:
        cursor.execute(START, {"given": json.dumps(rows), "project": project_id, "now": now})


def projects_waiting() -> list[int]:
    """The projects in which somebody waits: what the clock's `rebalance` looks at."""
    return list(
        Project.objects.filter(
            Q(Exists(QueueEntry.objects.filter(project=OuterRef("pk"), ended_at=None)))
        ).values_list("pk", flat=True)
    )
