"""The rows of an agent's list: everything `_item.html` shows, in one statement.

Written in SQL because every message of a customer asks for its row: building this query with the
ORM took four times as long as running it (and most of a message's time).
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count
from django.urls import reverse

from agents.models import Agent
from conversations.models import Assignment, Inbox, Message
from conversations.models.conversation import title_of
from conversations.models.inbox import icon_of

ROWS = """
SELECT c.id, a.agent_id, project.slug, contact.name, identity.value, inbox.kind, a.opened_at,
       m.text, m.event, m.author, m.agent_id, coalesce(m.created_at, c.started_at) AS last_at,
       (SELECT count(*) FROM conversations_message AS u
        WHERE u.conversation_id = c.id AND u.author = 'contact' AND u.seq > c.agent_read_seq),
       (SELECT min(w.created_at) FROM conversations_message AS w
        WHERE w.conversation_id = c.id AND w.author = 'contact'
          AND w.seq > coalesce((SELECT max(s.seq) FROM conversations_message AS s
                                WHERE s.conversation_id = c.id AND s.author = 'agent'), 0))
FROM conversations_assignment AS a
JOIN conversations_conversation AS c ON c.id = a.conversation_id
JOIN agents_project AS project ON project.id = c.project_id
JOIN conversations_contact AS contact ON contact.id = c.contact_id
JOIN conversations_identity AS identity ON identity.id = c.identity_id
JOIN conversations_inbox AS inbox ON inbox.id = c.inbox_id
LEFT JOIN conversations_message AS m ON m.conversation_id = c.id AND m.seq = c.last_seq
WHERE a.ended_at IS NULL AND {which}
ORDER BY last_at DESC
"""
HELD = ROWS.format(which="a.agent_id = %s")
NAMED = ROWS.format(which="a.conversation_id = ANY(%s)")


@dataclass(frozen=True, slots=True)
class Row:
    """A served conversation as its agent's list shows it.

    `unread` counts the customer's messages after what the agent has seen; `waiting_since` is
    when the customer wrote the first of those that nobody has answered.
    """

    id: uuid.UUID
    served_by: int
    slug: str
    name: str
    identity: str
    kind: str
    opened_at: dt.datetime | None
    last_text: str | None
    event: str | None
    last_author: str | None
    last_agent_id: int | None
    last_at: dt.datetime
    unread: int
    waiting_since: dt.datetime | None

    @property
    def title(self) -> str:
        return title_of(self.name, self.identity)

    @property
    def channel(self) -> str:
        return str(Inbox.Kind(self.kind).label)

    @property
    def channel_icon(self) -> str:
        return icon_of(self.kind)

    @property
    def last_line(self) -> str:
        """The newest message; a system line in the reader's language."""
        return str(Message.Event(self.event).label) if self.event else self.last_text or ""

    @property
    def url(self) -> str:
        return reverse("console:conversation", args=[self.slug, self.id])


def held_by(agent: Agent) -> list[Row]:
    """The agent's list, newest message first."""
    return _rows(HELD, agent.pk)


def some(ids: Iterable[uuid.UUID]) -> dict[int, list[Row]]:
    """These rows, by the agent who holds each now."""
    by_agent: dict[int, list[Row]] = {}
    for row in _rows(NAMED, list(ids)):
        by_agent.setdefault(row.served_by, []).append(row)
    return by_agent


def loads(agent_ids: Iterable[int]) -> dict[int, int]:
    """Open conversations per agent: the slots in use."""
    return dict(
        Assignment.objects.filter(agent__in=list(agent_ids), ended_at=None)
        .values_list("agent")
        .annotate(Count("pk"))
    )


def _rows(sql: str, which: int | list[uuid.UUID]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [which])
        return [Row(*values) for values in cursor.fetchall()]
