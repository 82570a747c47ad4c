"""The console page, and the refresh that repairs it: both from the same fragments."""

import contextlib
import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agents import access as people
from agents import counting
from conversations import (
    access,
    attending,
    file_access,
    listing,
    metrics,
    notebook,
    offers,
    transcript,
)
from conversations.holding import Holding, holding_of
from conversations.models import Attachment, Conversation, Note
from conversations.views import panel
from conversations.views.doors import AgentRequest, console_door

MOST_CHECKING = 50  # files of a screen that a refresh looks after


@require_GET
@console_door
def home(request: AgentRequest) -> HttpResponse:
    return render(request, "console/console.html", {**page(request), **around(request)})


@require_GET
@console_door
def conversation(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Opening is seeing: the green dot goes."""
    chosen = access.conversation_for(request.agent, conversation_id)
    if holding_of(request.agent, chosen).is_new:
        attending.open_conversation(agent=request.agent, conversation=chosen)
    if request.htmx:
        return render(request, "conversations/_thread.html", thread(request, chosen))
    whole = {**page(request), **around(request)}
    # Only a parsed page may have a <noscript>: in a swapped fragment it would be elements.
    whole["is_whole_page"] = True
    return render(request, "console/console.html", {**whole, **thread(request, chosen)})


@require_GET
@console_door
def refresh(request: AgentRequest) -> HttpResponse:
    """Everything on the screen as it is now, in the fragments the pushes use."""
    counting.refreshed(request.GET.get("why"))
    # Read before the rows: they are then never older than the number the page takes over.
    context = page(request)
    if opened := open_conversation(request):
        context |= thread(request, opened)
        context |= lacking(request, opened, context)
    context["decided"] = decided(request)
    response = render(request, "console/refresh.html", context)
    response.headers["X-Revision"] = str(context["revision"])
    return response


def open_conversation(request: AgentRequest) -> Conversation | None:
    """The conversation the page shows, if it may still be seen."""
    try:
        wanted = uuid.UUID(request.GET.get("conversation", ""))
    except ValueError:
        return None
    return access.conversation_for(request.agent, wanted)


def decided(request: AgentRequest) -> list[Attachment]:
    """What the screen shows as being checked and is not any more."""
    named = uuids(request.GET.getlist("checking")[:MOST_CHECKING])
    found = file_access.attachments_for(request.agent, named)
    return [one for one in found if one.upload.decided_at]


def uuids(texts: list[str]) -> list[uuid.UUID]:
    """Those that are; what is none is left out."""
    found = []
    for text in texts:
        with contextlib.suppress(ValueError):
            found.append(uuid.UUID(text))
    return found


def seq_of(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 10 else 0


def page(request: AgentRequest) -> dict[str, Any]:
    """What the pushes change: all that a refresh needs while no conversation is open."""
    agent = request.agent
    standing = listing.standing(agent.pk)
    items = listing.held_by(agent)
    return {
        "revision": standing.revision,
        "mention": standing.mention,
        "project": agent.project,
        "agent": agent,
        "items": items,
        "wrap_ups": listing.wrap_ups(agent.pk) if standing.is_finishing else [],
        "used": standing.used,
        "limit": agent.limit,
        # An offer takes a slot: where none is taken by anything else, there is none to ask for.
        "offers": offers.made_to(agent.pk) if standing.used != len(items) else [],
        "figures": metrics.lately(agent.project),
        "conversation": None,
    }


def around(request: AgentRequest) -> dict[str, Any]:
    """What stands around it for as long as the page is open."""
    agent = request.agent
    campaigns, places = people.around(agent)
    return {
        "campaigns": campaigns,
        "roles": {"supervisor": agent.is_supervisor or agent.user.is_superuser},
        "has_other_projects": places > 1,
    }


def pane(
    request: AgentRequest, template: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Another page of the console's, in the thread's place: the line and the list stay."""
    own = {"project": request.agent.project, "agent": request.agent, "title": title}
    context = {**own, **context}
    if request.htmx:
        return render(request, template, context, status=status)
    whole = {**page(request), **around(request), **context, "pane": template}
    return render(request, "console/console.html", whole, status=status)


def thread(request: AgentRequest, conversation: Conversation) -> dict[str, Any]:
    """How the agent stands to it is asked here, after the number of the last push was read: what
    there is none of now is on its way when there is some."""
    holding = holding_of(request.agent, conversation)
    history = access.history_for(request.agent, conversation)
    notes = access.notes_for(request.agent, conversation)
    return thread_of(request, conversation, history, notes, holding)


def thread_of(
    request: AgentRequest,
    conversation: Conversation,
    history: QuerySet[Conversation],
    notes: QuerySet[Note],
    holding: Holding,
) -> dict[str, Any]:
    """The newest 20 of `history`, and the panel beside them."""
    messages, has_older = transcript.newest(history, has_files=holding.has_files)
    notes, known = notebook.known(notes) if holding.has_notes else (notes.none(), [])
    start = notebook.start_of(messages, has_older)
    offered = offers.context_of(conversation.pk, request.agent.pk) if holding.has_offers else {}
    return {
        "project": request.agent.project,
        "agent": request.agent,
        "conversation": conversation,
        "messages": messages,
        "shared_files": Attachment.shared_in(history) if holding.has_files else [],
        "lines": notebook.interleaved(messages, notebook.between(notes, start)),
        "newest_notes": notebook.newest(notes),
        "notes": notes,
        "known_notes": known,
        "has_older": has_older,
        "is_mine": holding.is_mine,
        "assignment": holding.assignment,
        **offered,
        "waited": waited(conversation, holding.assignment),
        "new_message_id": uuid.uuid4(),
        **panel.panel(request.agent, conversation, holding),
        "new_note_id": uuid.uuid4(),
    }


def lacking(
    request: AgentRequest, conversation: Conversation, opening: dict[str, Any]
) -> dict[str, Any]:
    """The messages the screen says it has not, and the notes of the page as it would open now,
    or from the last message on that it has."""
    after = seq_of(request.GET.get("after"))
    missed = transcript.after(conversation, after)
    start = notebook.start_of(opening["messages"], opening["has_older"])
    if start and missed and opening["known_notes"]:
        last = conversation.messages.filter(seq__lte=after).order_by("-seq").first()
        start = min(start, (last or missed[0]).created_at)
    notes = notebook.between(opening["notes"], start)
    return {"messages": missed, "lines": notebook.interleaved(missed, notes)}


def waited(conversation: Conversation, assignment: Any) -> str:
    """Time in the queue as m:ss; "–" for who came straight in. What a colleague passed on waited
    before."""
    entry = assignment and (assignment.queue_entry or conversation.queue_entries.first())
    if not entry or not entry.ended_at or entry.ended_at <= entry.entered_at:
        return metrics.NO_SAMPLE
    return metrics.clock((entry.ended_at - entry.arrived_at).total_seconds())
