"""Why somebody waits, and why somebody got a conversation: routing's decisions, in sentences."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agents.models import Agent, Campaign, Project
from conversations import listing
from conversations.models import Assignment, QueueEntry

STATES = {
    "ready": gettext_lazy("Available"),
    "full": gettext_lazy("Full"),
    "not_available": gettext_lazy("Not available"),
    "not_connected": gettext_lazy("Not connected"),
}
# The reasons that routing writes into an assignment, as people read them.
SKIPPED = {
    "full": gettext_lazy("full"),
    "not available": gettext_lazy("not available"),
    "not connected": gettext_lazy("not connected"),
    "missed it": gettext_lazy("had not opened it"),
}


@dataclass(frozen=True)
class Place:
    """An agent as routing sees them now; `state` is a key of STATES."""

    name: str
    state: str
    load: int
    limit: int

    @property
    def free(self) -> int:
        return max(0, self.limit - self.load) if self.state == "ready" else 0


@dataclass(frozen=True)
class Line:
    """A campaign's queue now. `longest_seconds` is how long its head has waited in this span."""

    campaign: Campaign
    waiting: int
    longest_seconds: float | None
    team: list[Place]

    @property
    def free(self) -> int:
        return sum(place.free for place in self.team)

    @property
    def why(self) -> str:
        """Why the head of the queue waits; empty when nobody does."""
        return because(self.team) if self.waiting else ""


def lines(project: Project) -> list[Line]:
    """Every campaign of the project, with three queries however long the queues are."""
    teams = _teams(project)
    waiting = QueueEntry.objects.filter(project=project, ended_at=None)
    counts = dict(waiting.order_by().values_list("campaign").annotate(Count("pk")))
    heads = waiting.order_by("campaign", "-priority", "arrived_at", "pk").distinct("campaign")
    since = dict(heads.values_list("campaign", "entered_at"))
    now = timezone.now()
    return [
        Line(
            campaign,
            counts.get(campaign.pk, 0),
            (now - since[campaign.pk]).total_seconds() if campaign.pk in since else None,
            teams[campaign.pk],
        )
        for campaign in project.campaigns.all()
    ]


def why(campaign: Campaign) -> str:
    """Why the head of this campaign's queue waits."""
    return because(_teams(campaign.project)[campaign.pk])


def why_it_waits(entry: QueueEntry) -> str:
    """Why this one does: where it came from, who is before it, and why the line stands."""
    sentences = [why(entry.campaign)]
    if ahead := entry.ahead:
        before = ngettext("%(n)s person is before it.", "%(n)s people are before it.", ahead)
        sentences.insert(0, before % {"n": ahead})
    if not entry.is_first:
        sentences.insert(0, _why_it_is_back(entry))
    return " ".join(sentences)


def _why_it_is_back(entry: QueueEntry) -> str:
    served = entry.conversation.assignments.filter(ended_at__lte=entry.entered_at)
    last = served.order_by("-ended_at", "-pk").first()
    if last and last.outcome == Assignment.Outcome.MISSED:
        return _("It came back to the queue: its agent did not open it in time.")
    return _("It came back to the queue: its agent had to leave.")


def because(team: list[Place]) -> str:
    states = Counter(place.state for place in team)
    available = states["ready"] + states["full"]
    connected = available + states["not_available"]
    if not team:
        return _("No agent is in this campaign.")
    if not connected:
        return _("None of its agents is connected.")
    if not available:
        return ngettext(
            "%(n)s agent is connected, and does not accept conversations.",
            "%(n)s agents are connected, and none accepts conversations.",
            connected,
        ) % {"n": connected}
    if not states["ready"] and not any(place.limit for place in team if place.state == "full"):
        return _("The limit of everybody who is available is 0.")
    if not states["ready"]:
        return ngettext(
            "The only available agent is full.",
            "All %(n)s available agents are full.",
            available,
        ) % {"n": available}
    return _("Somebody has room: it is given out at the next moment.")


def why_this_agent(assignment: Assignment) -> str:
    """The recorded reason, for somebody other than the agent."""
    reason = assignment.reason
    name, load = assignment.agent.name, reason.get("load", 0)
    others = reason.get("candidates", 1) - 1
    if others < 1:
        sentence = ngettext(
            "%(name)s had %(n)s open conversation and was the only one ready.",
            "%(name)s had %(n)s open conversations and was the only one ready.",
            load,
        )
    else:
        sentence = ngettext(
            "%(name)s had %(n)s open conversation, the fewest among %(ready)s ready agents.",
            "%(name)s had %(n)s open conversations, the fewest among %(ready)s ready agents.",
            load,
        )
    sentence = sentence % {"name": name, "n": load, "ready": others + 1} + assignment.tie
    skipped = [
        f"{', '.join(names)} ({SKIPPED.get(why, why)})"
        for why, names in reason.get("skipped", {}).items()
    ]
    if skipped:
        sentence += " " + _("Passed over: %(names)s.") % {"names": ", ".join(skipped)}
    return sentence


def seconds_of(entry: QueueEntry) -> float:
    """This span's length; up to now while it lasts."""
    until: dt.datetime = entry.ended_at or timezone.now()
    return (until - entry.entered_at).total_seconds()


def _teams(project: Project) -> dict[int, list[Place]]:
    ready = Agent.objects.accepting().filter(pk=OuterRef("pk"))
    connected = Agent.objects.connected().filter(pk=OuterRef("pk"))
    agents = (
        Agent.objects.filter(project=project, is_active=True, is_agent=True)
        .select_related("user", "project")
        .prefetch_related("campaigns")
        .annotate(is_ready=Exists(ready), is_connected=Exists(connected))
    )
    loads = listing.loads(agent.pk for agent in agents)
    teams: dict[int, list[Place]] = defaultdict(list)
    for agent in agents:
        place = _place(agent, loads.get(agent.pk, 0))
        for campaign in agent.campaigns.all():
            teams[campaign.pk].append(place)
    return teams


def _place(agent: Any, load: int) -> Place:
    if not agent.is_connected:
        state = "not_connected"
    elif not agent.is_ready:
        state = "not_available"
    else:
        state = "ready" if load < agent.limit else "full"
    return Place(agent.name, state, load, agent.limit)
