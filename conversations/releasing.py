"""A vanished agent's customers go back to the front of their queue.

Only those who wait for an answer: whoever was answered last stays, and returns once they write.
The place in the line is the original one; the return is a line in the thread. The clock looks for
them every 10 s; whoever writes is returned in the transaction of what they wrote
(`inbound.receive`).
"""

from django.db import connection, transaction
from django.db.models import Max, Min, QuerySet

from conversations import returning, routing
from conversations.models import Assignment, Conversation, Message

VANISHED = """
SELECT a.id FROM conversations_deserted AS a
WHERE (SELECT max(m.seq) FROM conversations_message AS m
       WHERE m.conversation_id = a.conversation_id AND m.author = 'contact')
      > coalesce((SELECT max(m.seq) FROM conversations_message AS m
                  WHERE m.conversation_id = a.conversation_id AND m.author = 'agent'), 0)
  AND a.id = coalesce(%s, a.id)
"""


def release_vanished() -> list[Conversation]:
    """Return every waiting customer of a vanished agent. Two workers at once return each once."""
    with connection.cursor() as cursor:
        cursor.execute(VANISHED, [None])
        found = [pk for (pk,) in cursor.fetchall()]
    return release_all(Assignment.objects.filter(pk__in=found))


def release_all(held: QuerySet[Assignment]) -> list[Conversation]:
    """Those of them that are vanished and waited for. Each gives out at once, so in the order of
    the line: the first to come is the first to be taken over."""
    in_order = held.select_related("conversation__contact").annotate(
        priority=Max("conversation__queue_entries__priority"),
        arrived_at=Min("conversation__queue_entries__arrived_at"),
    )
    spans = in_order.order_by("-priority", "arrived_at", "pk")
    return [assignment.conversation for assignment in spans if release(assignment)]


def release(assignment: Assignment) -> bool:
    """Back to the queue; False when it is over or the agent is back in the meantime."""
    with transaction.atomic():
        now = routing.lock(assignment.project_id)
        if not _is_vanished(assignment):
            return False
        Assignment.objects.filter(pk=assignment.pk).update(
            ended_at=now, outcome=Assignment.Outcome.RELEASED
        )
        returning.give_back(assignment, Message.Event.RETURNED, now=now)
        routing.fill(assignment.project_id, now=now)
        return True


def _is_vanished(assignment: Assignment) -> bool:
    """Asked again under the lock: somebody may have ended it, or come back."""
    with connection.cursor() as cursor:
        cursor.execute(VANISHED, [assignment.pk])
        return cursor.fetchone() is not None
