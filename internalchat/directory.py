"""Who can be written to, and with whom one writes: what the directory lists."""

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Q

from agents import reasons
from agents.models import Agent
from internalchat.models import DirectChat, Post, PostFile

PAGE = 30
# In SQL because a directory that is looked at asks every other second: as rows of the ORM a
# thousand agents took eight times as long.
AGENTS = """
SELECT a.id, coalesce(nullif(btrim(u.first_name || ' ' || u.last_name), ''), u.username),
       u.username,
       ARRAY(SELECT c.name FROM agents_agent_campaigns AS m
             JOIN agents_campaign AS c ON c.id = m.campaign_id
             WHERE m.agent_id = a.id ORDER BY c.name),
       EXISTS (SELECT FROM agents_consolesession AS s
               WHERE s.agent_id = a.id AND s.online_until > statement_timestamp()),
       a.is_available, a.availability_reason, coalesce(a.capacity, p.capacity),
       (SELECT count(*) FROM conversations_slot AS h
        WHERE h.agent_id = a.id AND h.ended_at IS NULL)
FROM agents_agent AS a
JOIN agents_project AS p ON p.id = a.project_id
JOIN agents_user AS u ON u.id = a.user_id
"""
OTHERS = f"""{AGENTS} WHERE a.project_id = %s AND a.id <> %s
                        AND a.is_active AND a.is_agent AND u.is_active"""
ONE = f"{AGENTS} WHERE a.id = %s"
# In SQL because every page and every console that comes back asks.
UNREAD = """
SELECT count(*), max(p.id)
FROM (SELECT id, first_read AS seen FROM internalchat_directchat
      WHERE first_id = %(agent)s AND last_seq > first_read
      UNION ALL
      SELECT id, second_read FROM internalchat_directchat
      WHERE second_id = %(agent)s AND last_seq > second_read) AS c
JOIN internalchat_post AS p ON p.chat_id = c.id AND p.seq > c.seen AND p.agent_id <> %(agent)s
"""


class Colleague(NamedTuple):
    """An agent as the directory lists them; `load` is how many chats they attend."""

    pk: int
    name: str
    username: str
    campaigns: tuple[str, ...]
    is_active: bool
    is_available: bool
    reason: str
    limit: int
    load: int
    is_one_of_two: bool = False  # somebody else has the same name

    @property
    def is_full(self) -> bool:
        return self.load >= self.limit

    @property
    def pause(self) -> str:
        """As `Agent.pause`."""
        return "" if self.is_available else reasons.in_words(self.reason)


@dataclass(frozen=True, slots=True)
class Row:
    """A chat as one of its two sees it in the list."""

    chat: DirectChat
    colleague: Agent
    last: Post | None
    unread: int

    @property
    def last_line(self) -> str:
        return self.last.said if self.last else ""


@dataclass(frozen=True, slots=True)
class Unread:
    """What stands at the toolbar's button: how many posts, and the newest one's author and time."""

    count: int
    last: Post | None


def colleagues(agent: Agent) -> list[Colleague]:
    """Everybody else of the project who has a console, now or tomorrow, by name."""
    people = _ask(OTHERS, agent.project_id, agent.pk)
    known = Counter([agent.name, *(person.name for person in people)])
    listed = [person._replace(is_one_of_two=known[person.name] > 1) for person in people]
    return sorted(listed, key=lambda one: (one.name.casefold(), one.pk))


def one(agent: Agent) -> Colleague:
    """That agent, as others see them."""
    return _ask(ONE, agent.pk)[0]


def _ask(sql: str, *which: int) -> list[Colleague]:
    with connection.cursor() as cursor:
        cursor.execute(sql, which)
        rows = cursor.fetchall()
    return [Colleague._make([*row[:3], tuple(row[3]), *row[4:], False]) for row in rows]


def chats(agent_id: int, **which: Any) -> list[Row]:
    """The open ones, and those closed by the colleague with something unread; newest post first."""
    mine = DirectChat.objects.of(agent_id)
    shown = mine.filter(ended_at=None) | DirectChat.objects.unread_by(agent_id)
    people = ["project", "first__user", "second__user"]
    found = shown.filter(**which).with_unread(agent_id).select_related(*people)
    last = Post.objects.filter(chat__in=found.values("pk"), seq=F("chat__last_seq"))
    posts = {post.chat_id: post for post in last}
    PostFile.give(posts.values())
    rows = [
        Row(chat, chat.colleague_of(agent_id), posts.get(chat.pk), chat.unread) for chat in found
    ]
    return sorted(rows, key=lambda row: row.last.pk if row.last else 0, reverse=True)


def unread(agent_id: int) -> Unread:
    with connection.cursor() as cursor:
        cursor.execute(UNREAD, {"agent": agent_id})
        count, newest = cursor.fetchone()
    last = Post.objects.select_related("agent__user").filter(pk=newest).first() if count else None
    return Unread(count, last)


def closed(agent_id: int, after: uuid.UUID | None = None) -> tuple[list[Row], bool]:
    """A page of this agent's closed chats, newest first; more after it? Walked along one index for
    each side they may be on, each as far as a page."""
    last = DirectChat.objects.of(agent_id).filter(pk=after).first() if after else None
    found: list[DirectChat] = []
    for side in ("first", "second"):
        mine = DirectChat.objects.filter(**{side: agent_id}, ended_at__isnull=False)
        if last:
            same = Q(ended_at=last.ended_at, pk__lt=last.pk)
            mine = mine.filter(Q(ended_at__lt=last.ended_at) | same, ended_at__lte=last.ended_at)
        people = ["project", "first__user", "second__user", "typification", "ended_by__user"]
        found += mine.select_related(*people).order_by("-ended_at", "-pk")[: PAGE + 1]
    found.sort(key=lambda chat: (chat.ended_at, chat.pk), reverse=True)
    rows = [Row(chat, chat.colleague_of(agent_id), None, 0) for chat in found]
    return rows[:PAGE], len(rows) > PAGE
