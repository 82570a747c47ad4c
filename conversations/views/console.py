"""The console page, and the refresh that repairs it: both from the same fragments."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agents import counting
from conversations import access, attending, listing, metrics, offers, transcript
from conversations.models import Conversation
from conversations.outbound import holds
from conversations.views.doors import AgentRequest, console_door


@require_GET
@console_door
def home(request: AgentRequest) -> HttpResponse:
    return render(request, "console/console.html", {**page(request), **around(request)})


@require_GET
@console_door
def conversation(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Opening is seeing: the green dot goes."""
    chosen = access.conversation_for(request.agent, conversation_id)
    attending.open_conversation(agent=request.agent, conversation=chosen)
    if request.htmx:
        return render(request, "conversations/_thread.html", thread(request, chosen))
    whole = {**page(request), **around(request)}
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
        context["messages"] = transcript.after(opened, seq_of(request.GET.get("after")))
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


def seq_of(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 10 else 0


def page(request: AgentRequest) -> dict[str, Any]:
    """What the pushes change: all that a refresh needs while no conversation is open."""
    agent = request.agent
    revision, used = listing.standing(agent)
    items = listing.held_by(agent)
    return {
        "revision": revision,
        "project": agent.project,
        "agent": agent,
        "items": items,
        "used": used,
        "limit": agent.limit,
        "figures": metrics.figures(agent.project),
        # An offer takes a slot: where none is taken by anything else, there is none to ask for.
        "offers": offers.made_to(agent.pk) if used != len(items) else [],
        "conversation": None,
    }


def around(request: AgentRequest) -> dict[str, Any]:
    """What stands around it for as long as the page is open."""
    agent = request.agent
    return {
        "campaigns": [campaign.name for campaign in agent.campaigns.all()],
        "roles": {"supervisor": agent.is_supervisor or agent.user.is_superuser},
        "has_other_projects": agent.user.agents.filter(is_active=True).count() > 1,
    }


def thread(request: AgentRequest, conversation: Conversation) -> dict[str, Any]:
    history = access.history_for(request.agent, conversation)
    messages, has_older = transcript.newest(history)
    assignment = (
        conversation.assignments.filter(agent=request.agent)
        .select_related("queue_entry")
        .order_by("-started_at")
        .first()
    )
    return {
        "project": request.agent.project,
        "agent": request.agent,
        "conversation": conversation,
        "messages": messages,
        "has_older": has_older,
        "is_mine": conversation.is_open and holds(request.agent, conversation),
        "assignment": assignment,
        **offers.context_of(conversation.pk, request.agent.pk),
        "waited": waited(conversation, assignment),
        "previous": history.exclude(pk=conversation.pk).count(),
        "new_message_id": uuid.uuid4(),
    }


def waited(conversation: Conversation, assignment: Any) -> str:
    """Time in the queue as m:ss; "–" for who came straight in. What a colleague passed on waited
    before."""
    entry = assignment and (assignment.queue_entry or conversation.queue_entries.first())
    if not entry or not entry.ended_at or entry.ended_at <= entry.entered_at:
        return metrics.NO_SAMPLE
    return metrics.clock((entry.ended_at - entry.arrived_at).total_seconds())
