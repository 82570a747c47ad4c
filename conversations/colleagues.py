"""Who could take a conversation now, and what keeps the others from it: what a dialog lists, and
what a transfer asks again under routing's lock."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, OuterRef, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Campaign
from conversations.models import QueueEntry

# Connected and slots as in `roster`: whoever a dialog lists as available is ready now.
COLLEAGUES = """
SELECT a.id,
       coalesce(nullif(btrim(u.first_name || ' ' || u.last_name), ''), u.username),
       coalesce(nullif(u.first_name, ''), u.username), coalesce(a.capacity, p.capacity),
       (SELECT count(*) FROM conversations_slot AS h
        WHERE h.agent_id = a.id AND h.ended_at IS NULL),
       a.is_active AND a.is_agent AND u.is_active, a.is_available,
       EXISTS (SELECT FROM agents_consolesession AS s
               WHERE s.agent_id = a.id AND s.closed_at IS NULL
                 AND s.lease_until > statement_timestamp())
FROM agents_agent AS a
JOIN agents_project AS p ON p.id = a.project_id
JOIN agents_user AS u ON u.id = a.user_id
"""
OF_PROJECT = f"{COLLEAGUES} WHERE a.project_id = %s AND a.is_active AND a.is_agent AND u.is_active"
ONE = f"{COLLEAGUES} WHERE a.id = %s"


class Obstacle(TextChoices):
    """Why somebody cannot take a conversation now."""

    SELF = "self", _("holds it already")
    OFFLINE = "offline", _("not online")
    AWAY = "away", _("not available")
    FULL = "full", _("no free slot")


@dataclass(slots=True)
class Colleague:
    """An agent as a transfer sees them. `load` counts the slots taken now."""

    pk: int
    name: str
    first_name: str
    limit: int
    load: int
    may_answer: bool
    is_available: bool
    is_connected: bool
    campaigns: list[Campaign] = field(default_factory=list)

    @property
    def free(self) -> int:
        return max(0, self.limit - self.load)

    @property
    def obstacle(self) -> Obstacle | None:
        """None for whoever is ready."""
        if not self.is_connected or not self.may_answer:
            return Obstacle.OFFLINE
        if not self.is_available:
            return Obstacle.AWAY
        return None if self.free else Obstacle.FULL


def one(agent: Agent) -> Colleague:
    return _ask(ONE, agent.pk)[0]


def of(agent: Agent) -> list[Colleague]:
    """Everybody else of the project: whoever is ready first, each group by load and name."""
    found = _ask(OF_PROJECT, agent.project_id)
    campaigns: dict[int, list[Campaign]] = defaultdict(list)
    members = Agent.campaigns.through.objects.filter(agent__project=agent.project_id)
    for member in members.select_related("campaign").order_by("campaign__name"):
        campaigns[member.agent_id].append(member.campaign)
    for colleague in found:
        colleague.campaigns = campaigns[colleague.pk]
    others = [colleague for colleague in found if colleague.pk != agent.pk]
    return sorted(others, key=lambda c: (c.obstacle is not None, c.load, c.name))


def queues(project_id: int) -> list[Campaign]:
    """The project's campaigns, each with how many are `waiting` in it."""
    # The line alone is counted: joined, it would be looked for among all who ever waited.
    line = QueueEntry.objects.filter(campaign=OuterRef("pk"), ended_at=None).order_by()
    count = line.values("campaign").annotate(waiting=Count("pk")).values("waiting")
    campaigns = Campaign.objects.filter(project=project_id, is_active=True)
    return list(campaigns.annotate(waiting=Coalesce(Subquery(count), 0)))


def _ask(sql: str, *values: Any) -> list[Colleague]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Colleague(*row) for row in cursor.fetchall()]
