"""What is over: the ended conversations an agent finds in History, newest first.

A page begins after the last row of the one before it: nothing is counted, nothing skipped over.
What an agent may find is walked along one index for each of their campaigns and one for
themselves, each as far as a page: one walk for all would read everybody else's on the way.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from agents.models import Agent, Project
from conversations import finding, metrics
from conversations.models import Assignment, Conversation, Message

PAGE = 30
SOON = 10  # the customer's first words are among so many messages
ENDED = Assignment.Outcome.ENDED
# An assignment ends by the time of routing's lock, its conversation a moment later.
MOMENT = dt.timedelta(hours=1)
FIRST_DAY, LAST_DAY = dt.date(1970, 1, 2), dt.date(9999, 12, 30)

Place = tuple[dt.datetime, uuid.UUID]  # of a row in the list, for ever


@dataclass(frozen=True)
class Wanted:
    """What is looked for; ids of rows. `since` and `until` are days in the project's time zone,
    both included."""

    agent: int | None = None
    campaign: int | None = None
    inbox: int | None = None
    typification: int | None = None
    contact: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    words: str = ""


@dataclass(frozen=True)
class Past:
    """A row of the list; `agent` is who served it to its end, `words` the customer's first."""

    conversation: Conversation
    agent: Agent | None
    words: str = ""

    @property
    def duration(self) -> str:
        ended, started = self.conversation.ended_at, self.conversation.started_at
        return metrics.clock((ended - started).total_seconds()) if ended else ""


def page(agent: Agent, wanted: Wanted, after: uuid.UUID | None = None) -> tuple[list[Past], bool]:
    """The rows that follow the one named (the newest without it); are there more?"""
    look = Look(agent.project, wanted, _place(agent, after) if after else None)
    walks = list(_walks(agent, look))
    rows = walks[0].union(*walks[1:]) if len(walks) > 1 else walks[0]
    found = sorted(set(rows), reverse=True)
    return _filled([pk for _ended_at, pk in found[:PAGE]]), len(found) > PAGE


def findable(agent: Agent) -> Q:
    """Of ended conversations: those the project lets this agent find. Their own always."""
    scope, here = agent.project.archive_scope, Q(project=agent.project_id)
    if scope == Project.ArchiveScope.PROJECT:
        return here
    mine = Q(Exists(_served(agent)))
    if scope == Project.ArchiveScope.CAMPAIGNS:
        mine |= Q(campaign__in=agent.campaigns.values("pk"))
    return here & mine


def readable(agent: Agent) -> Q:
    """What they find, and of whom they serve now what stands above in the thread."""
    now = Assignment.objects.filter(
        agent=agent, ended_at=None, conversation__contact=OuterRef("contact")
    )
    above = Q(Exists(now), project=agent.project_id)
    if agent.project.history_scope == Project.HistoryScope.CAMPAIGNS:
        above &= Q(campaign__in=agent.campaigns.values("pk"))
    return findable(agent) | above


def previous(
    agent: Agent, conversation: Conversation, *, is_served: bool
) -> QuerySet[Conversation]:
    """The same person's ended ones that this agent, who perhaps serves them, may open; newest
    first."""
    ended = Conversation.objects.filter(contact=conversation.contact_id, ended_at__isnull=False)
    if not is_served or agent.project.history_scope != Project.HistoryScope.PROJECT:
        ended = ended.filter(readable(agent))
    return ended.exclude(pk=conversation.pk).order_by("-ended_at", "-pk")


def with_words(conversations: QuerySet[Conversation]) -> list[Past]:
    """These few, in their order, with what the customer said first."""
    pks = list(conversations.values_list("pk", flat=True))
    said = Message.objects.filter(
        conversation__in=pks, author=Message.Author.CONTACT, seq__lte=SOON
    ).order_by("-seq")
    words = dict(said.values_list("conversation", "text")) if pks else {}
    return [replace(past, words=words.get(past.conversation.pk, "")) for past in _filled(pks)]


def _served(agent: Agent) -> QuerySet[Assignment]:
    return Assignment.objects.filter(conversation=OuterRef("pk"), agent=agent, outcome=ENDED)


def _filled(pks: list[uuid.UUID]) -> list[Past]:
    if not pks:
        return []
    served = Assignment.objects.filter(outcome=ENDED).select_related("agent__user")
    rows: QuerySet[Any] = (
        Conversation.objects.filter(pk__in=pks)
        .select_related("project", "inbox", "contact", "identity", "typification", "campaign")
        .prefetch_related(Prefetch("assignments", served, to_attr="served"))
    )
    pasts = {row.pk: Past(row, row.served[0].agent if row.served else None) for row in rows}
    return [pasts[pk] for pk in pks]


def _place(agent: Agent, pk: uuid.UUID) -> Place | None:
    """None, the beginning, for one that is not there (any more)."""
    named = Conversation.objects.filter(project=agent.project_id, pk=pk, ended_at__isnull=False)
    found = named.first()
    return (found.ended_at, found.pk) if found and found.ended_at else None


def _walks(agent: Agent, look: "Look") -> Iterator[QuerySet]:
    """Sorted, none longer than a page and one; together they hold whatever the page shows."""
    wanted, scope = look.wanted, agent.project.archive_scope
    mine = set(agent.campaigns.values_list("pk", flat=True))
    if wanted.contact or wanted.words:
        allowed = readable(agent) if wanted.contact else findable(agent)
        yield look.along(allowed, contact__in=_people(agent, wanted))
    elif scope == Project.ArchiveScope.PROJECT:
        yield look.by(wanted.agent) if wanted.agent else look.along(project=agent.project_id)
    else:
        sees_campaigns = scope == Project.ArchiveScope.CAMPAIGNS
        others = wanted.agent not in {None, agent.pk}
        yield (
            look.by(agent.pk)
            if not others
            else look.by(wanted.agent, conversation__campaign__in=mine if sees_campaigns else [])
        )
        if sees_campaigns and wanted.agent is None:
            for pk in mine & {wanted.campaign} if wanted.campaign else mine:
                yield look.along(campaign=pk)


def _people(agent: Agent, wanted: Wanted) -> list[int]:
    """Asked for by themselves: PostgreSQL then knows how few they are."""
    if wanted.contact:
        return [wanted.contact]
    return finding.found(wanted.words, {"project": agent.project_id})


@dataclass(frozen=True)
class Look:
    """The walks one can take, each narrowed to what is wanted after `last`."""

    project: Project
    wanted: Wanted
    last: Place | None

    def along(self, *allowed: Q, **where: Any) -> QuerySet:
        """Conversations, by their own end."""
        rows = Conversation.objects.filter(*allowed, self._narrowed(), **where)
        if self.wanted.agent:
            rows = rows.filter(assignments__agent=self.wanted.agent, assignments__outcome=ENDED)
        return rows.order_by("-ended_at", "-pk").values_list("ended_at", "pk")[: PAGE + 1]

    def by(self, agent_id: int | None, **where: Any) -> QuerySet:
        """What one agent served to its end, by the end of their serving: the same order."""
        since, until = self.days
        if self.last:
            until = min(until, self.last[0])
        rows = Assignment.objects.filter(
            self._narrowed("conversation__"),
            agent=agent_id,
            outcome=ENDED,
            ended_at__range=(since - MOMENT, until),
            project=self.project,
            **where,
        ).order_by("-ended_at", "-conversation__ended_at", "-conversation")
        return rows.values_list("conversation__ended_at", "conversation")[: PAGE + 1]

    @property
    def days(self) -> tuple[dt.datetime, dt.datetime]:
        """From the first instant to the one after the last."""
        zone = metrics.zone_of(self.project)
        first = max(self.wanted.since or FIRST_DAY, FIRST_DAY)
        last = max(min(self.wanted.until or LAST_DAY, LAST_DAY), FIRST_DAY)
        day_after = last + dt.timedelta(days=1)
        since, until = (dt.datetime.combine(day, dt.time(), zone) for day in (first, day_after))
        return since.astimezone(dt.UTC), until.astimezone(dt.UTC)

    def _narrowed(self, at: str = "") -> Q:
        wanted, (since, until) = self.wanted, self.days
        facts = {f"{at}ended_at__gte": since, f"{at}ended_at__lt": until}
        for name in ("campaign", "inbox", "typification"):
            if chosen := getattr(wanted, name):
                facts[f"{at}{name}"] = chosen
        if self.last is None:
            return Q(**facts)
        ended_at, pk = self.last
        before = Q(**{f"{at}ended_at__lt": ended_at}) | Q(**{f"{at}pk__lt": pk})
        return Q(**facts, **{f"{at}ended_at__lte": ended_at}) & before
