"""How notes stand among the messages of a thread, and on whose screen. Only what staff see reads
this."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from agents.models import Agent, Project
from conversations.models import Assignment, Message, Note

MOST_LISTED = 20  # beside the thread; older ones stand in it
MOST_KNOWN = 500

# The contact's last message before it: a note has its place after that one, for everybody.
AFTER = """
(SELECT coalesce(max(last.id), 0)
 FROM conversations_conversation AS c CROSS JOIN LATERAL (
     SELECT m.id FROM conversations_message AS m
     WHERE m.conversation_id = c.id AND m.created_at <= conversations_note.created_at
     ORDER BY m.seq DESC LIMIT 1) AS last
 WHERE c.contact_id = conversations_note.contact_id)
"""


@dataclass(frozen=True)
class Line:
    """What stands in a thread: one of the two."""

    message: Message | None = None
    note: Note | None = None


def placed(notes: QuerySet[Note]) -> QuerySet[Note]:
    """With `after`, the number of the message each stands behind, and who wrote it."""
    return notes.annotate(after=RawSQL(AFTER, [])).select_related("agent__user")  # noqa: S611


def whole(note: Note) -> Note:
    """As a fragment shows it: with its place and its project."""
    return placed(Note.objects.filter(pk=note.pk).select_related("project")).get()


def between(
    notes: QuerySet[Note], start: dt.datetime | None, end: dt.datetime | None = None
) -> list[Note]:
    """From `start` on (None: from the first) and before `end`, oldest first."""
    if start:
        notes = notes.filter(created_at__gte=start)
    if end:
        notes = notes.filter(created_at__lt=end)
    return list(placed(notes).order_by("created_at", "pk"))


def start_of(messages: list[Message], has_older: bool) -> dt.datetime | None:
    """Where the notes of that page begin; those before its first message belong to the next."""
    return messages[0].created_at if messages and has_older else None


def interleaved(messages: Iterable[Message], notes: Iterable[Note]) -> list[Line]:
    """In the order in which the browser, too, puts them."""
    lines = [((m.pk, 0, m.created_at), Line(message=m)) for m in messages]
    lines += [((n.after, 1, n.created_at), Line(note=n)) for n in notes]  # type: ignore[attr-defined]
    return [line for _place, line in sorted(lines, key=lambda each: each[0])]


def newest(notes: QuerySet[Note]) -> list[Note]:
    """For beside the thread, newest first."""
    return list(notes.select_related("agent__user").order_by("-created_at", "-pk")[:MOST_LISTED])


def known(notes: QuerySet[Note]) -> tuple[QuerySet[Note], list[str]]:
    """The names of all there are (the newest of very many), so that a screen can drop what is gone.
    Mostly there are none: then nothing else is asked for."""
    found = notes.order_by("-pk").values_list("client_id", flat=True)[:MOST_KNOWN]
    names = [str(name) for name in found]
    return notes if names else notes.none(), names


def readers(note: Note) -> set[int]:
    """Agents whose screen may show it now, whether they are there or not: a console that is just
    coming back must not fall between two questions."""
    return {note.agent_id, *_servings(note).values_list("agent", flat=True)}


def place_of(note: Note, agent_id: int) -> uuid.UUID | None:
    """The conversation in which that agent may read it: its own if possible; None for nowhere."""
    served = _servings(note).filter(agent=agent_id).order_by("-started_at")
    places = list(served.values_list("conversation", flat=True))
    return note.conversation_id if note.conversation_id in places else next(iter(places), None)


def _servings(note: Note) -> QuerySet[Assignment]:
    """Those that open a thread with this note in it (`access.conversation_for`, `notes_for`)."""
    servings = Assignment.objects.filter(
        Q(ended_at=None) | Q(outcome=Assignment.Outcome.ENDED),
        conversation__contact=note.contact_id,
        agent__is_active=True,
    )
    if note.project.history_scope != Project.HistoryScope.CAMPAIGNS:
        return servings
    if note.conversation:
        team = Agent.objects.filter(campaigns=note.conversation.campaign_id)
        return servings.filter(Q(conversation=note.conversation) | Q(agent__in=team))
    team = Agent.objects.filter(campaigns__in=note.agent.campaigns.all())
    return servings.filter(Q(agent=note.agent_id) | Q(agent__in=team))
