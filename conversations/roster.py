"""What routing reads under its lock: who is there with how many, and who waits. Who is next is
decided in `teams`, not here.

Written in SQL because every start and every ending asks: turning a thousand agents into the ORM's
objects took ten times as long as everything else together.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connection

from conversations.teams import Candidate, Team, Waiting

# Connected as in AgentQuerySet; loads are counted now, never stored. Each agent is looked up by
# index: a join with everybody's counts is faster only while the planner's statistics are fresh.
# LIMIT 1, or the planner may read all open consoles and the whole line to answer for one.
MEMBERS = """
SELECT c.id, a.id,
       coalesce(nullif(btrim(u.first_name || ' ' || u.last_name), ''), u.username),
       coalesce(nullif(u.first_name, ''), u.username), coalesce(a.capacity, p.capacity),
       (SELECT count(*) FROM conversations_slot AS h
        WHERE h.agent_id = a.id AND h.ended_at IS NULL),
       coalesce((SELECT l.id FROM conversations_assignment AS l WHERE l.agent_id = a.id
                 ORDER BY l.started_at DESC, l.id DESC LIMIT 1), 0),
       a.is_available,
       coalesce((SELECT true FROM agents_consolesession AS s
                 WHERE s.agent_id = a.id AND s.closed_at IS NULL
                   AND s.lease_until > statement_timestamp() LIMIT 1), false)
FROM agents_campaign AS c
JOIN agents_agent_campaigns AS member ON member.campaign_id = c.id
JOIN agents_agent AS a ON a.id = member.agent_id AND a.project_id = c.project_id
JOIN agents_project AS p ON p.id = a.project_id
JOIN agents_user AS u ON u.id = a.user_id
WHERE c.project_id = %s AND a.is_active AND a.is_agent
  AND (SELECT true FROM conversations_queueentry AS q
       WHERE q.campaign_id = c.id AND q.ended_at IS NULL LIMIT 1)
ORDER BY a.id
"""

OLDEST = """
SELECT oldest.* FROM unnest(%s::bigint[], %s::int[]) AS free (campaign, slots)
CROSS JOIN LATERAL (
    SELECT q.priority, q.arrived_at, q.id, q.campaign_id, q.conversation_id, c.identity_id
    FROM conversations_queueentry AS q
    JOIN conversations_conversation AS c ON c.id = q.conversation_id
    WHERE q.campaign_id = free.campaign AND q.ended_at IS NULL
    ORDER BY q.priority DESC, q.arrived_at, q.id LIMIT free.slots) AS oldest
ORDER BY oldest.priority DESC, oldest.arrived_at, oldest.id
"""


def teams(project_id: int) -> dict[int, Team]:
    """The teams of the campaigns in which somebody waits, with loads counted now."""
    found: dict[int, Team] = defaultdict(Team)
    known: dict[int, Candidate] = {}
    for campaign_id, pk, name, short, limit, load, last, is_available, is_connected in _ask(
        MEMBERS, [project_id]
    ):
        team = found[campaign_id]
        team.campaign = campaign_id
        if not is_available or not is_connected:
            team.skipped["not connected" if is_available else "not available"].append(name)
        elif load >= limit:
            team.skipped["full"].append(name)
        else:
            if pk not in known:
                known[pk] = Candidate(pk, name, short, limit, load, last)
            team.add(known[pk])
    for team in found.values():
        heapq.heapify(team.heap)
    return found


def oldest(free: dict[int, int]) -> Iterator[Waiting]:
    """The oldest of these campaigns in the order of the line, as many of each as it has free
    slots."""
    return (Waiting(*row) for row in _ask(OLDEST, [list(free), list(free.values())]))


def _ask(sql: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
