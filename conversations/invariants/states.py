"""Conversations: exactly one state each, and what belongs to it (P-05, P-12)."""

from conversations.invariants.asking import Invariant

STATES = [
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
        "blocked-are-out",
        "P-05",
        "Nobody who is blocked waits or is served.",
        """
        SELECT conversation.id FROM conversation
        JOIN conversations_contact AS contact ON contact.id = contact_id
        WHERE ended_at IS NULL AND blocked_at IS NOT NULL
        """,
    ),
    Invariant(
        "merged-have-nothing",
        "P-05",
        "Whoever was merged into somebody else has left everything to them.",
        """
        SELECT merged.id FROM conversations_contact AS merged
        JOIN project ON project.id = merged.project_id
        JOIN conversations_contact AS kept ON kept.id = merged.merged_into_id
        WHERE kept.merged_into_id IS NOT NULL
           OR EXISTS (SELECT FROM conversations_identity WHERE contact_id = merged.id)
           OR EXISTS (SELECT FROM conversations_conversation WHERE contact_id = merged.id)
           OR EXISTS (SELECT FROM conversations_note WHERE contact_id = merged.id)
        """,
    ),
    Invariant(
        "offers-by-their-holders",
        "P-05",
        "What is offered is held by whoever offers it.",
        """
        SELECT offer.id FROM conversations_offer AS offer JOIN project ON project.id = project_id
        WHERE ended_at IS NULL
          AND NOT EXISTS (SELECT FROM conversations_assignment AS held
                          WHERE held.conversation_id = offer.conversation_id
                            AND held.agent_id = sender_id AND held.ended_at IS NULL)
        """,
    ),
    Invariant(
        "offers-end",
        "P-08",
        "No offer keeps a slot 12 s longer than it is open.",
        """
        SELECT offer.id FROM conversations_offer AS offer JOIN project ON project.id = project_id
        WHERE ended_at IS NULL AND expires_at < now() - interval '12 s'
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
]
