"""A web visitor who waits and whose page is gone has left; on other channels nobody leaves.

The web processes say every 30 s whose pages are open (`renew`). One is given up in two steps,
missed first and let go a while later: after an outage of the database or of all web processes
every page looks gone, and has these seconds to say otherwise.
"""

from collections.abc import Collection

from django.db import connection, transaction

from conversations import closing, routing
from conversations.models import Conversation, QueueEntry

CONFIRM = "40 seconds"  # longer than the 30 s between two `renew`

# A page without a socket was last open when its visitor was seen, or entered the queue.
WAITING = """
    SELECT {what} FROM conversations_queueentry AS e
    JOIN agents_campaign AS campaign ON campaign.id = e.campaign_id
    JOIN conversations_conversation AS c ON c.id = e.conversation_id
    JOIN conversations_inbox AS inbox ON inbox.id = c.inbox_id AND inbox.kind = 'webchat'
    JOIN conversations_identity AS d ON d.id = c.identity_id
    WHERE e.ended_at IS NULL AND campaign.leave_after > interval '0'
"""
MISS = f"""
UPDATE conversations_identity SET missed_at = clock_timestamp() WHERE id IN (
    {WAITING.format(what="d.id")}
      AND greatest(e.entered_at, d.seen_at) < statement_timestamp() - campaign.leave_after / 2
      AND (d.missed_at IS NULL OR d.missed_at < greatest(e.entered_at, d.seen_at))
    FOR NO KEY UPDATE OF d SKIP LOCKED)
"""  # noqa: S608  our own text
LEFT = f"""
{WAITING.format(what="e.id")}
  AND greatest(e.entered_at, d.seen_at) < statement_timestamp() - campaign.leave_after
  AND d.missed_at > greatest(e.entered_at, d.seen_at)
  AND d.missed_at < statement_timestamp() - interval '{CONFIRM}'
"""
# Whoever comes back at this instant waits here for our decision, or we for theirs.
STILL_LEFT = f"{LEFT} AND e.id = %s FOR NO KEY UPDATE OF d"
RENEW = """
UPDATE conversations_identity SET seen_at = clock_timestamp() WHERE id IN (
    SELECT d.id FROM conversations_identity AS d
    WHERE d.id = ANY(%s) AND EXISTS (
        SELECT FROM conversations_conversation AS c
        JOIN conversations_queueentry AS e ON e.conversation_id = c.id AND e.ended_at IS NULL
        WHERE c.identity_id = d.id AND c.ended_at IS NULL)
    FOR NO KEY UPDATE OF d SKIP LOCKED)
"""


def renew(identity_ids: Collection[int]) -> None:
    """The pages of these visitors are open now; noted for those who wait. One statement."""
    if identity_ids:
        with connection.cursor() as cursor:
            cursor.execute(RENEW, [list(identity_ids)])


def expire() -> list[Conversation]:
    """End the waiting of those who left; returns their conversations. Twice at once ends once."""
    with connection.cursor() as cursor:
        cursor.execute(MISS)
        cursor.execute(LEFT)
        found = [pk for (pk,) in cursor.fetchall()]
    entries = QueueEntry.objects.filter(pk__in=found).select_related(
        "conversation__contact", "conversation__identity"
    )
    return [entry.conversation for entry in entries if _give_up(entry)]


def _give_up(entry: QueueEntry) -> bool:
    """False when the visitor is back, or was served, in the meantime."""
    with transaction.atomic():
        routing.lock(entry.project_id)
        with connection.cursor() as cursor:
            cursor.execute(STILL_LEFT, [entry.pk])
            if cursor.fetchone() is None:
                return False
        return closing.abandon(conversation=entry.conversation)
