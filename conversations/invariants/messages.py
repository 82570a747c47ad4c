"""Messages: none lost, none doubled, numbered without gaps (P-01–P-03)."""

from conversations.invariants.asking import Invariant

MESSAGES = [
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
        "messages-named-once",
        "P-02",
        "No sender's message is stored twice under the name its sender gave it.",
        """
        SELECT max(message.id) FROM conversation
        JOIN conversations_message AS message ON conversation_id = conversation.id
        GROUP BY conversation_id, author, agent_id, client_id HAVING count(*) > 1
        """,
    ),
]
