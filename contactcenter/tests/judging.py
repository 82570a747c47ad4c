"""The history of a race, read again in plain Python: who was given what while whom waited.

A second opinion beside `invariants.check`, which asks in SQL and campaign by campaign.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from conversations.models import Assignment, Offer, QueueEntry, WrapUp

ENDS, HOLDS, ENTERS, LEAVES, JOINS, STARTS = range(6)  # the order in one transaction


@dataclass
class Verdict:
    """Ids of assignments; all lists are empty when the promises were kept."""

    judged: int = 0
    among_several: int = 0  # had another ready candidate
    jumped: list[int] = field(default_factory=list)  # an older one they could serve was waiting
    outsiders: list[int] = field(default_factory=list)  # not a member at that moment
    wrong_load: list[int] = field(default_factory=list)  # the reason says another load
    over_limit: list[int] = field(default_factory=list)
    uneven: list[int] = field(default_factory=list)  # another ready one had fewer

    @property
    def broken(self) -> dict[str, list[int]]:
        return {name: ids for name, ids in vars(self).items() if isinstance(ids, list) and ids}


def judge(project_id: int, teams: dict[int, set[int]], changes: list[dict[str, Any]]) -> Verdict:
    """`teams` are each agent's campaigns at the start, `changes` what racers printed."""
    verdict, waiting = Verdict(), {}
    held: dict[int, int] = defaultdict(int)
    names: dict[str, int] = {}
    for _at, kind, _pk, row in history(project_id, changes):
        if kind == ENTERS:
            waiting[row.pk] = row
        elif kind == LEAVES:
            del waiting[row.pk]
        elif kind == ENDS:
            held[row.agent_id] -= 1
        elif kind == HOLDS:
            held[row.agent_id] += 1
        elif kind == JOINS:
            teams[row["agent"]] = set(row["campaigns"])
        else:
            names[row.agent.name] = row.agent_id
            if row.queue_entry_id:
                weigh(row, teams[row.agent_id], waiting, held, names, verdict)
                del waiting[row.queue_entry_id]
            else:
                weigh_load(row, held, verdict)
            held[row.agent_id] += 1
    return verdict


def history(project_id: int, changes: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """All that happened under the routing lock, in its order: times are taken under it."""
    events: list[tuple[Any, ...]] = []
    for entry in QueueEntry.objects.filter(project=project_id):
        events.append((entry.entered_at, ENTERS, entry.pk, entry))
        if entry.outcome == QueueEntry.Outcome.ABANDONED:
            events.append((entry.ended_at, LEAVES, entry.pk, entry))
    for made in Offer.objects.filter(project=project_id):
        events.append((made.started_at, HOLDS, made.pk, made))
        if made.ended_at:
            events.append((made.ended_at, ENDS, made.pk, made))
    for span in Assignment.objects.filter(project=project_id).select_related(
        "agent__user", "queue_entry"
    ):
        events.append((span.started_at, STARTS, span.pk, span))
        if span.ended_at:
            events.append((span.ended_at, ENDS, span.pk, span))
    # A wrap-up holds the slot from the end on: what follows at that instant finds it taken.
    for wrap_up in WrapUp.objects.filter(project=project_id):
        events.append((wrap_up.started_at, HOLDS, wrap_up.pk, wrap_up))
        if wrap_up.ended_at:
            events.append((wrap_up.ended_at, ENDS, wrap_up.pk, wrap_up))
    for number, change in enumerate(changes):
        events.append((dt.datetime.fromisoformat(change["at"]), JOINS, number, change))
    return sorted(events, key=lambda event: event[:3])


def weigh(
    span: Assignment,
    team: set[int],
    waiting: dict[int, QueueEntry],
    held: dict[int, int],
    names: dict[str, int],
    verdict: Verdict,
) -> None:
    """One assignment against what was true at its instant."""
    reason, mine = span.reason, place(span.queue_entry)
    verdict.judged += 1
    verdict.among_several += bool(reason["others"])
    if any(place(other) < mine for other in waiting.values() if other.campaign_id in team):
        verdict.jumped.append(span.pk)
    if span.campaign_id not in team:
        verdict.outsiders.append(span.pk)
    weigh_load(span, held, verdict)
    loads = {name: held[names[name]] if name in names else 0 for name in reason["others"]}
    if reason["others"] != loads:
        verdict.wrong_load.append(span.pk)
    if loads and min(loads.values()) < held[span.agent_id]:
        verdict.uneven.append(span.pk)


def weigh_load(span: Assignment, held: dict[int, int], verdict: Verdict) -> None:
    """What holds for transfers too, which nobody waits for."""
    if span.reason["load"] != held[span.agent_id]:
        verdict.wrong_load.append(span.pk)
    if held[span.agent_id] >= span.reason["limit"]:
        verdict.over_limit.append(span.pk)


def place(entry: QueueEntry | None) -> tuple[Any, ...]:
    assert entry
    return -entry.priority, entry.arrived_at, entry.pk
