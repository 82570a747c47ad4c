"""Work: limits kept, first in first out, evenly, and nobody forgotten (P-04, P-06–P-08)."""

from conversations.invariants.asking import Invariant

WORK = [
    Invariant(
        "limits-kept",
        "P-04",
        "No assignment started while its agent was at or over the limit.",
        """
        SELECT id FROM running JOIN assignment USING (id)
        WHERE CASE WHEN jsonb_typeof(reason -> 'limit') = 'number'
                   THEN load >= (reason ->> 'limit')::int END
        """,
    ),
    Invariant(
        "reasons-true",
        "P-04",
        "Every assignment records its agent's limit and the load they had.",
        """
        SELECT id FROM running JOIN assignment USING (id)
        WHERE jsonb_typeof(reason -> 'limit') IS DISTINCT FROM 'number'
           OR reason -> 'load' IS DISTINCT FROM to_jsonb(load)
        """,
    ),
    Invariant(
        "first-in-first-out",
        "P-06",
        "Nobody was assigned while an older one of the same campaign was waiting.",
        # Who stood in the line from their arrival on: whoever is behind must not leave it earlier.
        # Who came back to an old place, or has priority: those assigned while they waited.
        """
        SELECT assignment.id FROM assignment JOIN (
            SELECT id FROM (
                SELECT id, ended_at, outcome,
                       max(CASE WHEN entered_at = arrived_at
                                THEN coalesce(ended_at, 'infinity') END) OVER (
                           PARTITION BY campaign_id, priority ORDER BY arrived_at, id
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS older_until
                FROM entry
            ) AS line
            WHERE outcome = 'assigned' AND older_until > ended_at
            UNION
            SELECT later.id FROM entry AS older CROSS JOIN LATERAL (
                SELECT * FROM entry
                WHERE project_id = older.project_id AND ended_at >= older.entered_at
                  AND ended_at < coalesce(older.ended_at, 'infinity')
                OFFSET 0  -- keeps it a look into the index per older one
            ) AS later
            WHERE (older.entered_at <> older.arrived_at
                   OR older.priority > (SELECT min(priority) FROM entry))
              AND later.campaign_id = older.campaign_id AND later.outcome = 'assigned'
              AND (older.priority > later.priority OR older.priority = later.priority
                   AND (older.arrived_at, older.id) < (later.arrived_at, later.id))
        ) AS jumped ON jumped.id = queue_entry_id
        """,
    ),
    Invariant(
        "first-of-all-ones-campaigns",
        "P-06",
        "Whoever works in several campaigns was given the oldest of all of them.",
        # The reason names the agent's campaigns of that moment where they were several.
        """
        SELECT assignment.id FROM (
            SELECT DISTINCT project_id, reason -> 'campaigns' AS several
            FROM assignment WHERE reason ? 'campaigns'
        ) AS team CROSS JOIN LATERAL (
            SELECT id, ended_at,
                   max(CASE WHEN entered_at = arrived_at
                            THEN coalesce(ended_at, 'infinity') END) OVER (
                       PARTITION BY priority ORDER BY arrived_at, id
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS older_until
            FROM entry WHERE project_id = team.project_id AND several @> to_jsonb(campaign_id)
        ) AS line JOIN assignment ON queue_entry_id = line.id
                                 AND reason -> 'campaigns' = several
        WHERE older_until > line.ended_at
        """,
    ),
    Invariant(
        "given-to-the-fewest",
        "P-07",
        "Nobody was given one while another recorded candidate had fewer.",
        """
        SELECT assignment.id FROM assignment
        WHERE jsonb_typeof(reason -> 'others') = 'object'
          AND EXISTS (SELECT FROM jsonb_each_text(reason -> 'others')
                      WHERE value::int < (reason ->> 'load')::int)
        """,
    ),
    Invariant(
        "wrap-ups-follow-an-end",
        "P-04",
        "A wrap-up follows an end by its agent, and takes their slot from that instant.",
        """
        SELECT wrapping.id FROM conversations_wrapup AS wrapping
        JOIN project ON project.id = wrapping.project_id
        JOIN conversations_assignment AS served ON served.id = assignment_id
        WHERE (%(since)s::timestamptz IS NULL OR wrapping.ended_at IS NULL
               OR wrapping.ended_at >= %(since)s::timestamptz)
          AND (served.agent_id <> wrapping.agent_id OR wrapping.ended_at < wrapping.started_at
               OR wrapping.ended_at IS DISTINCT FROM wrapping.started_at
                  AND (served.outcome <> 'ended' OR served.ended_at <> wrapping.started_at))
        """,
    ),
    Invariant(
        "wrap-ups-end",
        "P-08",
        "No wrap-up keeps a slot for more than 12 s beyond its time.",
        """
        SELECT wrapping.id FROM conversations_wrapup AS wrapping
        JOIN project ON project.id = wrapping.project_id
        WHERE wrapping.ended_at IS NULL AND due_at < now() - interval '12 s'
        """,
    ),
    Invariant(
        "nobody-waits-beside-room",
        "P-08",
        "Nobody has waited 12 s while an agent of the campaign has been ready with a free slot.",
        # As of now: since when they have been ready is known, what was before is not. A limit or
        # a campaign changed meanwhile gives out in the transaction of the change.
        """
        SELECT DISTINCT entry.id FROM entry
        JOIN agents_agent_campaigns AS member ON member.campaign_id = entry.campaign_id
        JOIN agents_agent AS person ON person.id = member.agent_id
        JOIN agents_project AS place ON place.id = person.project_id
        CROSS JOIN LATERAL (
            SELECT min(opened_at) AS since FROM agents_consolesession
            WHERE agent_id = person.id AND closed_at IS NULL AND lease_until > now()
        ) AS connected
        CROSS JOIN LATERAL (
            SELECT count(*) AS load FROM conversations_slot
            WHERE agent_id = person.id AND ended_at IS NULL
        ) AS held
        WHERE entry.ended_at IS NULL
          AND person.is_active AND person.is_agent AND person.is_available
          AND load < coalesce(person.capacity, place.capacity)
          AND greatest(entered_at, available_since, connected.since, (
                  SELECT max(ended_at) FROM conversations_slot
                  WHERE agent_id = person.id AND ended_at > now() - interval '12 s'
              )) < now() - interval '12 s'
          AND connected.since IS NOT NULL
        """,
    ),
]
