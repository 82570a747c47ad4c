"""A customer who has gone silent after the agent's answer is warned, then let go (a campaign's
option).

Never while the customer waits: whoever wrote last is the agent. A message in between starts it
over; a warning counts only for the answer it follows.
"""

from django.db import connection, transaction

from conversations import broadcasts, closing, routing, toasts, transcript
from conversations.models import Assignment, Conversation, Message, Typification

SILENT = """
SELECT a.id, warning.at IS NOT NULL
FROM conversations_assignment AS a
JOIN agents_campaign AS c ON c.id = a.campaign_id AND c.silent_after > interval '0'
CROSS JOIN LATERAL (
    SELECT m.seq, m.author, m.created_at AS at FROM conversations_message AS m
    WHERE m.conversation_id = a.conversation_id AND m.author IN ('contact', 'agent')
    ORDER BY m.seq DESC LIMIT 1) AS said
LEFT JOIN LATERAL (
    SELECT m.created_at AS at FROM conversations_message AS m
    WHERE m.conversation_id = a.conversation_id AND m.seq > said.seq AND m.event = 'silent'
    ORDER BY m.seq DESC LIMIT 1) AS warning ON true
WHERE a.ended_at IS NULL AND said.author = 'agent' AND a.id = coalesce(%s, a.id)
  AND CASE WHEN warning.at IS NULL THEN said.at < statement_timestamp() - c.silent_after
           ELSE warning.at < statement_timestamp() - c.silent_end_after END
"""
# Whoever stores a message holds this row: what is asked after it is true until we are done.
HOLD = "SELECT FROM conversations_conversation WHERE id = %s FOR NO KEY UPDATE"


def warn() -> list[Conversation]:
    """Say once to everybody who is silent for too long that the chat ends soon."""
    return [span.conversation for span in _found(is_warned=False) if _warn(span)]


def end() -> list[Conversation]:
    """End those who were warned and stayed silent. Two workers at once end each once."""
    return [span.conversation for span in _found(is_warned=True) if _end(span)]


def _warn(span: Assignment) -> bool:
    with transaction.atomic():
        if not _is_still(span, is_warned=False):
            return False
        line = transcript.append(
            span.conversation, author=Message.Author.SYSTEM, event=Message.Event.SILENT
        )
        broadcasts.show_message(line)
        return True


def _end(span: Assignment) -> bool:
    with transaction.atomic():
        now = routing.lock(span.project_id)
        if not _is_still(span, is_warned=True):
            return False
        closing.let_go(span, Typification.Reserved.INACTIVE, now=now)
        toasts.tell_silent(span.conversation, span.agent_id)
        routing.fill(span.project_id, now=now)
        return True


def _is_still(span: Assignment, *, is_warned: bool) -> bool:
    """Asked again when its messages stand still: somebody may just have written."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [span.conversation_id])
        cursor.execute(SILENT, [span.pk])
        return cursor.fetchone() == (span.pk, is_warned)


def _found(*, is_warned: bool) -> list[Assignment]:
    with connection.cursor() as cursor:
        cursor.execute(SILENT, [None])
        pks = [pk for pk, was_warned in cursor.fetchall() if was_warned == is_warned]
    held = Assignment.objects.filter(pk__in=pks).order_by("pk")
    return list(held.select_related("conversation__contact", "conversation__identity"))
