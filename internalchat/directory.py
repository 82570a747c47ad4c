"""Who can be written to, and with whom one writes: what the directory lists."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now

from agents.models import Agent
from conversations import listing, noting
from internalchat.models import DirectChat, Post

PAGE = 30
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


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent as the directory lists them; `load` is how many chats they attend."""

    agent: Agent
    is_active: bool
    load: int
    is_one_of_two: bool  # somebody else has the same name

    @property
    def campaigns(self) -> list[str]:
        return [campaign.name for campaign in self.agent.campaigns.all()]

    @property
    def is_full(self) -> bool:
        return self.load >= self.agent.limit


@dataclass(frozen=True, slots=True)
class Row:
    """A chat as one of its two sees it in the list."""

    chat: DirectChat
    colleague: Agent
    last: Post | None
    unread: int

    @property
    def last_line(self) -> str:
        return self.last.text if self.last else ""


@dataclass(frozen=True, slots=True)
class Unread:
    """What stands at the toolbar's button: how many posts, and the newest one's author and time."""

    count: int
    last: Post | None


def colleagues(agent: Agent) -> list[Colleague]:
    """Everybody else of the project who has a console, now or tomorrow, by name."""
    team = noting.colleagues_of(agent).exclude(pk=agent.pk).select_related("user", "project")
    people = list(_with_presence(team).prefetch_related("campaigns"))
    loads = listing.loads([person.pk for person in people])
    names = [person.name for person in [*people, agent]]
    listed = [
        Colleague(person, person.is_online, loads.get(person.pk, 0), names.count(person.name) > 1)
        for person in people
    ]
    return sorted(listed, key=lambda one: one.agent.name.casefold())


def one(agent: Agent) -> Colleague:
    """That agent, as others see them."""
    (person,) = _with_presence(
        Agent.objects.filter(pk=agent.pk).select_related("user", "project")
    ).prefetch_related("campaigns")
    load = listing.loads([agent.pk]).get(agent.pk, 0)
    return Colleague(person, person.is_online, load, False)


def _with_presence(agents: Any) -> Any:
    online = Agent.objects.filter(consoles__online_until__gt=Now()).values("pk")
    return agents.annotate(is_online=Case(When(pk__in=online, then=Value(True)), default=False))


def chats(agent_id: int, **which: Any) -> list[Row]:
    """The open ones, and those closed by the colleague with something unread; newest post first."""
    mine = DirectChat.objects.of(agent_id)
    shown = mine.filter(ended_at=None) | DirectChat.objects.unread_by(agent_id)
    people = ["project", "first__user", "second__user"]
    found = shown.filter(**which).with_unread(agent_id).select_related(*people)
    last = Post.objects.filter(chat__in=found.values("pk"), seq=F("chat__last_seq"))
    posts = {post.chat_id: post for post in last}
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
