"""The promises, asked of the data (promises.md): each check is one statement that selects the ids
of rows that break it. None may ever find anything.

Set-based, so that a million conversations take seconds; `since` leaves out what was over by then.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

MOST_NAMED = 5

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
), project AS NOT MATERIALIZED (
    SELECT * FROM agents_project WHERE %(project)s::bigint IS NULL OR id = %(project)s::bigint
), agent AS NOT MATERIALIZED (
    SELECT agents_agent.* FROM agents_agent JOIN project ON project.id = project_id
), running AS NOT MATERIALIZED (
    -- How many an agent served at the moment each assignment started: a sweep over starts and
    -- ends, ends first. Only complete from `since` on.
    SELECT started AS id, load FROM (
        SELECT started, at,
               sum(step) OVER (PARTITION BY agent_id ORDER BY at, turn, id ROWS UNBOUNDED PRECEDING)
               - 1 AS load
        FROM (
            SELECT agent_id, id, id AS started, started_at AS at, 1 AS turn, 1 AS step
            FROM assignment
            UNION ALL
            SELECT agent_id, id, NULL, ended_at, CASE WHEN ended_at > started_at THEN 0 ELSE 2 END,
                   -1
            FROM assignment WHERE ended_at IS NOT NULL
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


def check(*, project_id: int | None = None, since: dt.datetime | None = None) -> Iterator[Finding]:
    """One finding per invariant, all from one snapshot: what happens meanwhile is not seen."""
    values = {"project": project_id, "since": since}
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for invariant in INVARIANTS:
            cursor.execute(
                f"{SCOPE} SELECT count(*), (array_agg(id::text ORDER BY id))[:{MOST_NAMED}] "  # noqa: S608  our own text
                f"FROM ({invariant.sql}) AS offending(id)",
                values,
            )
            count, ids = cursor.fetchone()
            yield Finding(invariant, count, ids or [])


INVARIANTS = [
    Invariant(
        "conversations-begin-with-a-message",
        "P-01",
        "Every conversation has at least the message that started it.",
        "SELECT id FROM conversation WHERE last_seq = 0",
    ),
    Invariant(
        "deliveries-move",
        "P-01",
        "No delivery is pending a minute beyond its due time and its lease.",
        """
        SELECT delivery.id FROM conversations_delivery AS delivery
        JOIN conversations_message AS message ON message.id = message_id
        JOIN conversation ON conversation.id = conversation_id
        WHERE state = 'pending' AND due_at < now() - interval '1 minute'
          AND coalesce(lease_until, due_at) < now() - interval '1 minute'
        """,
    ),
    Invariant(
        "messages-stored-once",
        "P-02",
        "No message is stored twice under the name its channel gave it.",
        """
        SELECT max(message.id) FROM conversation
        JOIN conversations_message AS message ON conversation_id = conversation.id
        WHERE provider_id IS NOT NULL
        GROUP BY message.inbox_id, provider_id HAVING count(*) > 1
        """,
    ),
    Invariant(
        "messages-gapless",
        "P-03",
        "A conversation's messages are numbered 1, 2, 3 … up to its last number.",
        """
        SELECT conversation.id FROM conversation
        LEFT JOIN conversations_message AS message ON conversation_id = conversation.id
        GROUP BY conversation.id, last_seq
        HAVING count(seq) <> last_seq OR coalesce(max(seq), 0) <> last_seq
            OR min(seq) <> 1 OR count(DISTINCT seq) <> count(seq)
        """,
    ),
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
        "one-open-conversation",
        "P-05",
        "A contact has at most one open conversation in a channel.",
        """
        SELECT unnest(array_agg(id)) FROM conversation WHERE ended_at IS NULL
        GROUP BY contact_id, inbox_id HAVING count(*) > 1
        """,
    ),
    Invariant(
        "open-in-one-state",
        "P-05",
        "An open conversation either waits or is served, by one.",
        """
        SELECT conversation.id FROM conversation
        LEFT JOIN (
            SELECT conversation_id FROM entry WHERE ended_at IS NULL
            UNION ALL
            SELECT conversation_id FROM assignment WHERE ended_at IS NULL
        ) AS span ON conversation_id = conversation.id
        WHERE ended_at IS NULL
        GROUP BY conversation.id HAVING count(conversation_id) <> 1
        """,
    ),
    Invariant(
        "ended-in-no-state",
        "P-05",
        "An ended conversation neither waits nor is served.",
        """
        SELECT conversation.id FROM conversation JOIN (
            SELECT conversation_id FROM entry WHERE ended_at IS NULL
            UNION
            SELECT conversation_id FROM assignment WHERE ended_at IS NULL
        ) AS span ON conversation_id = conversation.id
        WHERE ended_at IS NOT NULL
        """,
    ),
    Invariant(
        "ended-with-typification",
        "P-05",
        "An ended conversation has a typification.",
        "SELECT id FROM conversation WHERE ended_at IS NOT NULL AND typification_id IS NULL",
    ),
    Invariant(
        "spans-apart",
        "P-05",
        "A conversation's times of waiting and of being served do not overlap.",
        """
        SELECT DISTINCT conversation_id FROM (
            SELECT conversation_id, began,
                   max(over) OVER (PARTITION BY conversation_id ORDER BY began, over
                                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
            FROM (
                SELECT conversation_id, entered_at AS began, coalesce(ended_at, 'infinity') AS over
                FROM entry
                UNION ALL
                SELECT conversation_id, started_at, coalesce(ended_at, 'infinity') FROM assignment
            ) AS span
        ) AS ordered
        WHERE began < before
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
        "screens-exist",
        "P-12",
        "Every agent who was given a conversation has a push counter.",
        """
        SELECT agent.id FROM agent
        WHERE EXISTS (SELECT FROM assignment WHERE agent_id = agent.id)
          AND NOT EXISTS (SELECT FROM agents_screen WHERE agent_id = agent.id)
        """,
    ),
    Invariant(
        "conversations-in-one-project",
        "P-14",
        "A conversation's channel, campaign, contact and typification are of its own project.",
        """
        SELECT conversation.id FROM conversation
        JOIN conversations_inbox AS inbox ON inbox.id = inbox_id
        JOIN agents_campaign AS campaign ON campaign.id = conversation.campaign_id
        JOIN conversations_contact AS contact ON contact.id = contact_id
        JOIN conversations_identity AS identity ON identity.id = identity_id
        LEFT JOIN conversations_typification AS typification ON typification.id = typification_id
        LEFT JOIN agents_agent AS ender ON ender.id = ended_by_id
        WHERE (inbox.project_id, campaign.project_id, contact.project_id, identity.project_id,
               coalesce(typification.project_id, conversation.project_id),
               coalesce(ender.project_id, conversation.project_id))
              IS DISTINCT FROM (conversation.project_id, conversation.project_id,
               conversation.project_id, conversation.project_id, conversation.project_id,
               conversation.project_id)
           OR identity.contact_id <> conversation.contact_id
        """,
    ),
    Invariant(
        "assignments-in-one-project",
        "P-14",
        "An assignment, its agent, its campaign and its conversation are of one project.",
        """
        SELECT assignment.id FROM assignment
        JOIN conversations_conversation AS served ON served.id = conversation_id
        JOIN agents_agent AS holder ON holder.id = agent_id
        JOIN agents_campaign AS campaign ON campaign.id = assignment.campaign_id
        WHERE assignment.project_id <> served.project_id
           OR assignment.project_id <> holder.project_id
           OR assignment.project_id <> campaign.project_id
        """,
    ),
    Invariant(
        "queue-entries-in-one-project",
        "P-14",
        "A queue entry, its campaign and its conversation are of one project.",
        """
        SELECT entry.id FROM entry
        JOIN conversations_conversation AS waiting ON waiting.id = conversation_id
        JOIN agents_campaign AS campaign ON campaign.id = entry.campaign_id
        WHERE entry.project_id <> waiting.project_id OR entry.project_id <> campaign.project_id
        """,
    ),
    Invariant(
        "messages-in-their-channel",
        "P-14",
        "A message came through its conversation's channel.",
        """
        SELECT message.id FROM conversation
        JOIN conversations_message AS message ON conversation_id = conversation.id
        WHERE message.inbox_id <> conversation.inbox_id
        """,
    ),
    Invariant(
        "replies-by-own-agents",
        "P-14",
        "What an agent said was said by an agent of the conversation's project.",
        """
        SELECT message.id FROM conversation
        JOIN conversations_message AS message ON conversation_id = conversation.id
        LEFT JOIN agents_agent AS speaker ON speaker.id = agent_id
        WHERE (author = 'agent') <> (agent_id IS NOT NULL)
           OR speaker.project_id <> conversation.project_id
        """,
    ),
    Invariant(
        "settings-in-one-project",
        "P-14",
        "Channels, memberships, typifications and identities never point to another project.",
        """
        SELECT 'channel ' || inbox.id FROM conversations_inbox AS inbox
        JOIN project ON project.id = inbox.project_id
        JOIN agents_campaign AS campaign ON campaign.id = inbox.campaign_id
        WHERE inbox.project_id <> campaign.project_id
        UNION ALL
        SELECT 'agent ' || agent.id FROM agent
        JOIN agents_agent_campaigns AS member ON member.agent_id = agent.id
        JOIN agents_campaign AS campaign ON campaign.id = member.campaign_id
        WHERE agent.project_id <> campaign.project_id
        UNION ALL
        SELECT 'typification ' || child.id FROM conversations_typification AS child
        JOIN project ON project.id = child.project_id
        LEFT JOIN conversations_typification AS parent ON parent.id = child.parent_id
        LEFT JOIN agents_campaign AS campaign ON campaign.id = child.campaign_id
        WHERE parent.project_id <> child.project_id OR campaign.project_id <> child.project_id
        UNION ALL
        SELECT 'identity ' || identity.id FROM conversations_identity AS identity
        JOIN project ON project.id = identity.project_id
        JOIN conversations_contact AS contact ON contact.id = identity.contact_id
        WHERE identity.project_id <> contact.project_id
        """,
    ),
]
