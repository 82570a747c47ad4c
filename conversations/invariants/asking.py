"""What a check is, and what it looks at."""

from dataclasses import dataclass

# What the checks look at. NOT MATERIALIZED: each check's own conditions still find the indexes.
SCOPE = """
WITH conversation AS NOT MATERIALIZED (
    SELECT * FROM conversations_conversation
    WHERE (%(project)s::bigint IS NULL OR project_id = %(project)s::bigint)
      AND (%(since)s::timestamptz IS NULL OR ended_at IS NULL OR ended_at >= %(since)s::timestamptz)
), entry AS NOT MATERIALIZED (
    SELECT * FROM conversations_queueentry
    WHERE (%(project)s::bigint IS NULL OR project_id = %(project)s::bigint)
      AND (%(since)s::timestamptz IS NULL OR ended_at IS NULL OR ended_at >= %(since)s::timestamptz)
), assignment AS NOT MATERIALIZED (
    SELECT * FROM conversations_assignment
    WHERE (%(project)s::bigint IS NULL OR project_id = %(project)s::bigint)
      AND (%(since)s::timestamptz IS NULL OR ended_at IS NULL OR ended_at >= %(since)s::timestamptz)
), slot AS NOT MATERIALIZED (
    SELECT * FROM conversations_slot
    WHERE (%(project)s::bigint IS NULL OR project_id = %(project)s::bigint)
      AND (%(since)s::timestamptz IS NULL OR ended_at IS NULL OR ended_at >= %(since)s::timestamptz)
), project AS NOT MATERIALIZED (
    SELECT * FROM agents_project WHERE %(project)s::bigint IS NULL OR id = %(project)s::bigint
), agent AS NOT MATERIALIZED (
    SELECT agents_agent.* FROM agents_agent JOIN project ON project.id = project_id
), running AS NOT MATERIALIZED (
    -- How many slots of an agent were taken when each assignment started: a sweep over starts and
    -- ends, ends first. Only complete from `since` on.
    SELECT started AS id, load FROM (
        SELECT started, at,
               sum(step) OVER (PARTITION BY agent_id ORDER BY at, turn, started NULLS FIRST
                               ROWS UNBOUNDED PRECEDING) - 1 AS load
        FROM (
            SELECT agent_id, assignment_id AS started, started_at AS at, 1 AS turn, 1 AS step
            FROM slot
            UNION ALL
            SELECT agent_id, NULL, ended_at, CASE WHEN ended_at > started_at THEN 0 ELSE 2 END, -1
            FROM slot WHERE ended_at IS NOT NULL
        ) AS events
    ) AS swept
    WHERE started IS NOT NULL
      AND (%(since)s::timestamptz IS NULL OR at >= %(since)s::timestamptz)
)
"""


@dataclass(frozen=True)
class Invariant:
    """`sql` selects one column, the ids of offending rows, from what SCOPE names."""

    name: str
    promise: str
    sentence: str
    sql: str


@dataclass(frozen=True)
class Finding:
    invariant: Invariant
    count: int
    ids: list[str]

    @property
    def holds(self) -> bool:
        return self.count == 0
