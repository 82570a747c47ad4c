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

WAITED_FOR = """
SELECT c.id FROM agents_campaign AS c
WHERE c.project_id = %s AND EXISTS (
    SELECT FROM conversations_queueentry AS q WHERE q.campaign_id = c.id AND q.ended_at IS NULL)
"""

# Connected as in AgentQuerySet; loads are counted now, never stored. Each agent is looked up by
# index: a join with everybody's counts is faster only while the planner's statistics are fresh.
MEMBERS = """
SELECT member.campaign_id, a.id,
       coalesce(nullif(btrim(u.first_name || ' ' || u.last_name), ''), u.username),
       coalesce(a.capacity, p.capacity),
       (SELECT count(*) FROM conversations_assignment AS h
        WHERE h.agent_id = a.id AND h.ended_at IS NULL),
       coalesce((SELECT l.id FROM conversations_assignment AS l WHERE l.agent_id = a.id
                 ORDER BY l.started_at DESC, l.id DESC LIMIT 1), 0),
       a.is_available,
       coalesce((SELECT true FROM agents_consolesession AS s
                 WHERE s.agent_id = a.id AND s.closed_at IS NULL
                   AND s.lease_until > statement_timestamp() LIMIT 1), false)
FROM agents_agent_campaigns AS member
JOIN agents_agent AS a ON a.id = member.agent_id
JOIN agents_project AS p ON p.id = a.project_id
JOIN agents_user AS u ON u.id = a.user_id
WHERE member.campaign_id = ANY(%s) AND a.project_id = %s AND a.is_active AND a.is_agent
ORDER BY a.id
"""

OLDEST = """
SELECT oldest.* FROM unnest(%s::bigint[], %s::int[]) AS free (campaign, slots)
CROSS JOIN LATERAL (
    SELECT q.priority, q.arrived_at, q.id, q.campaign_id, q.conversation_id
    FROM conversations_queueentry AS q
    WHERE q.campaign_id = free.campaign AND q.ended_at IS NULL
    ORDER BY q.priority DESC, q.arrived_at, q.id LIMIT free.slots) AS oldest
ORDER BY oldest.priority DESC, oldest.arrived_at, oldest.id
"""


def waited_for(project_id: int) -> list[int]:
    """The campaigns in which somebody waits."""
    return [campaign_id for (campaign_id,) in _ask(WAITED_FOR, [project_id])]


def teams(project_id: int, campaigns: list[int]) -> dict[int, Team]:
    """These campaigns' teams, with loads counted now."""
    found: dict[int, Team] = defaultdict(Team)
    known: dict[int, Candidate] = {}
    rows = _ask(MEMBERS, [campaigns, project_id])
    for campaign_id, pk, name, limit, load, last, is_available, is_connected in rows:
        team = found[campaign_id]
        if not is_available or not is_connected:
            team.skipped["not connected" if is_available else "not available"].append(name)
        elif load >= limit:
            team.skipped["full"].append(name)
        else:
            if pk not in known:
                known[pk] = Candidate(pk, name, limit, load, last)
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
