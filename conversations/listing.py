"""The rows of an agent's list: everything `_item.html` shows, in one statement.

Written in SQL because every message of a customer asks for its row: building this query with the
ORM took four times as long as running it (and most of a message's time).
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.db import connection
from django.urls import reverse

from agents.models import Agent
from conversations.models import Attachment, Inbox, Message
from conversations.models.conversation import title_of
from conversations.models.inbox import icon_of
from media.models import FileKind

# The view is made in migration 0007: the function that stores a message reads it too.
HELD = "SELECT * FROM conversations_row WHERE agent_id = %s ORDER BY last_at DESC"
NAMED = "SELECT * FROM conversations_row WHERE id = ANY(%s)"
# One by itself: PostgreSQL plans a list anew each time, and that takes ten times as long as it.
THIS = "SELECT * FROM conversations_row WHERE id = %s"
SHOW = "SELECT revision, language, (item).* FROM conversations_show(%s)"
STANDING = """
SELECT coalesce((SELECT revision FROM agents_screen WHERE agent_id = %(agent)s), 0),
       (SELECT count(*) FROM conversations_slot WHERE agent_id = %(agent)s AND ended_at IS NULL),
       coalesce((SELECT max(note_id) FROM conversations_note_mentioned
                 WHERE agent_id = %(agent)s), 0),
       EXISTS (SELECT FROM conversations_wrapup WHERE agent_id = %(agent)s AND ended_at IS NULL)
"""
LOADS = """
SELECT agent_id, count(*) FROM conversations_slot
WHERE agent_id = ANY(%s) AND ended_at IS NULL GROUP BY agent_id
"""
WRAP_UPS = """
SELECT w.id, contact.name, d.value,
       greatest(0, extract(epoch FROM w.due_at - statement_timestamp()))::float
FROM conversations_wrapup AS w
JOIN conversations_assignment AS a ON a.id = w.assignment_id
JOIN conversations_conversation AS c ON c.id = a.conversation_id
JOIN conversations_contact AS contact ON contact.id = c.contact_id
JOIN conversations_identity AS d ON d.id = c.identity_id
WHERE w.agent_id = %s AND w.ended_at IS NULL
ORDER BY w.due_at, w.id
"""

NOBODY = uuid.UUID(int=0)


@cache
def address(slug: str) -> str:
    """Where a project's conversations are, with NOBODY for the id: Django finds it once."""
    return reverse("console:conversation", args=[slug, NOBODY])


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
    file_kind: str | None

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
        """The newest message; a system line, and what a file without words is, in the reader's
        language."""
        if self.event:
            return str(Message.Event(self.event).label)
        return self.last_text or (str(FileKind(self.file_kind).label) if self.file_kind else "")

    @property
    def url(self) -> str:
        return address(self.slug).replace(str(NOBODY), str(self.id))


@dataclass(frozen=True, slots=True)
class Shown:
    """The raised screen of whoever holds a conversation, and its row as it was then."""

    revision: int
    language: str
    row: Row

    @classmethod
    def of(cls, revision: int | None, language: str, *row: Any) -> "Shown | None":
        """From what `conversations_show` returns; None where nobody holds it."""
        return None if revision is None else cls(revision, language, Row(*row))

    def with_file(self, first: Attachment) -> "Shown":
        """For a row that was read before its message got its files."""
        return replace(self, row=replace(self.row, file_kind=first.upload.kind))


def show(conversation_id: uuid.UUID) -> Shown | None:
    """Raise its holder's screen."""
    with connection.cursor() as cursor:
        cursor.execute(SHOW, [conversation_id])
        found = cursor.fetchone()
    return Shown.of(*found) if found else None


@dataclass(frozen=True, slots=True)
class Standing:
    """An agent's screens: the number of the last push (0 before the first), how many of their slots
    are taken, the newest note that names them (0 for none), and whether they are finishing."""

    revision: int
    used: int
    mention: int
    is_finishing: bool


def standing(agent_id: int) -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"agent": agent_id})
        return Standing(*cursor.fetchone())


def held_by(agent: Agent) -> list[Row]:
    """The agent's list, newest message first."""
    return _rows(HELD, agent.pk)


def some(ids: Iterable[uuid.UUID]) -> dict[int, list[Row]]:
    """These rows, by the agent who holds each now."""
    by_agent: dict[int, list[Row]] = {}
    wanted = list(ids)
    for row in _rows(NAMED, wanted) if len(wanted) > 1 else _rows(THIS, wanted[0]):
        by_agent.setdefault(row.served_by, []).append(row)
    return by_agent


@dataclass(frozen=True, slots=True)
class Finishing:
    """A wrap-up as its agent's list shows it; `left` in seconds, by the database's clock."""

    id: int
    name: str
    identity: str
    left: float

    @property
    def title(self) -> str:
        return title_of(self.name, self.identity)


def wrap_ups(agent_id: int) -> list[Finishing]:
    """What this agent is finishing, first what is over first."""
    with connection.cursor() as cursor:
        cursor.execute(WRAP_UPS, [agent_id])
        return [Finishing(*values) for values in cursor.fetchall()]


def loads(agent_ids: Iterable[int]) -> dict[int, int]:
    """The slots in use per agent: open conversations, offers that wait for a yes, wrap-ups."""
    with connection.cursor() as cursor:
        cursor.execute(LOADS, [list(agent_ids)])
        return dict(cursor.fetchall())


def _rows(sql: str, which: int | uuid.UUID | list[uuid.UUID]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [which])
        return [Row(*values) for values in cursor.fetchall()]
