"""Giving conversations away: the dialog with who could take them, one, or all of them."""

import json
import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from agents.models import Agent
from conversations import access, closing, colleagues, transferring
from conversations.colleagues import Obstacle
from conversations.models import Conversation
from conversations.models.note import MAX_NOTE
from conversations.outbound import NotYours, holds
from conversations.views.doors import AgentRequest, conflict, console_door, wants_page
from conversations.views.messages import clean

REFUSALS = {
    Obstacle.SELF: gettext_lazy("You hold this conversation already. Choose a colleague."),
    Obstacle.OFFLINE: gettext_lazy("%(name)s is not online any more. Choose somebody else."),
    Obstacle.AWAY: gettext_lazy("%(name)s is not available any more. Choose somebody else."),
    Obstacle.FULL: gettext_lazy("%(name)s has no free slot any more. Choose somebody else."),
}


@require_http_methods(["GET", "POST"])
@console_door
def transfers(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """One conversation, to `agent` or to `campaign`."""
    conversation = access.conversation_once_of(request.agent, conversation_id)
    if not holds(request.agent, conversation):
        raise NotYours
    if request.method == "GET":
        return dialog(request, conversation)
    try:
        if number := request.POST.get("agent"):
            return to_agent(request, conversation, access.colleague_for(request.agent, number))
        if number := request.POST.get("campaign"):
            return to_campaign(request, conversation, number)
    except closing.AlreadyDone:
        raise NotYours from None
    return dialog(request, conversation, error=_("Choose an agent or a campaign."))


def to_agent(request: AgentRequest, conversation: Conversation, taker: Agent) -> HttpResponse:
    name = {"name": taker.short_name}
    try:
        offer = transferring.to_agent(
            agent=request.agent, conversation=conversation, taker=taker, note=note_of(request)
        )
    except transferring.CannotTake as problem:
        return conflict(request, REFUSALS[problem.obstacle] % name)
    if offer:
        return done(request, _("Offered to %(name)s.") % name)
    return done(request, _("Transferred to %(name)s.") % name, conversation)


def to_campaign(request: AgentRequest, conversation: Conversation, number: str) -> HttpResponse:
    campaign = access.campaign_for(request.agent, number)
    given = transferring.to_campaign(
        agent=request.agent, conversation=conversation, campaign=campaign, note=note_of(request)
    )
    name = {"name": campaign.name}
    taken = [each for each in given if each.conversation_id == conversation.pk]
    if not taken:
        return done(request, _("It waits in %(name)s now.") % name, conversation)
    if taken[0].agent_id == request.agent.pk:
        sentence = _("Nobody else was free in %(name)s: it came back to you.") % name
        return done(request, sentence, again=conversation)
    name = {"name": campaign.name, "agent": taken[0].agent.first_name}
    return done(request, _("Transferred to %(name)s: %(agent)s has it.") % name, conversation)


@require_http_methods(["GET", "POST"])
@console_door
def transfer_all(request: AgentRequest) -> HttpResponse:
    """Everything the agent holds, to `agent`."""
    if request.method == "GET":
        return dialog(request)
    if not (number := request.POST.get("agent")):
        return dialog(request, error=_("Choose an agent."))
    taker = access.colleague_for(request.agent, number)
    try:
        handed = transferring.all_of(agent=request.agent, taker=taker, note=note_of(request))
    except transferring.CannotTake as problem:
        return conflict(request, REFUSALS[problem.obstacle] % {"name": taker.short_name})
    gone = [] if handed.are_offers else handed.gone
    return done(request, said_of(handed, taker), *gone)


def said_of(handed: transferring.Handed, taker: Agent) -> str:
    """What went, and by name what did not fit."""
    count = len(handed.gone)
    if handed.are_offers:
        sentence = ngettext(
            "%(count)s conversation offered to %(name)s.",
            "%(count)s conversations offered to %(name)s.",
            count,
        )
    else:
        sentence = ngettext(
            "%(count)s conversation transferred to %(name)s.",
            "%(count)s conversations transferred to %(name)s.",
            count,
        )
    sentence %= {"count": count, "name": taker.short_name}
    if not handed.stays:
        return sentence
    names = ", ".join(conversation.title for conversation in handed.stays)
    return f"{sentence} {_('No slot was free for: %(names)s.') % {'names': names}}"


def note_of(request: AgentRequest) -> str:
    return clean(request.POST.get("note", ""))[:MAX_NOTE]


def dialog(
    request: AgentRequest, conversation: Conversation | None = None, error: str = ""
) -> HttpResponse:
    found = colleagues.of(request.agent)
    queues = colleagues.queues(request.agent.project_id)
    context: dict[str, Any] = {
        "project": request.agent.project,
        "agent": request.agent,
        "conversation": conversation,
        "ready": [colleague for colleague in found if not colleague.obstacle],
        "others": [colleague for colleague in found if colleague.obstacle],
        "campaigns": queues,
        "note": note_of(request),
        "error": error,
    }
    name = "transfer" if wants_page(request) else "_transfer"
    return render(request, f"conversations/{name}.html", context, status=422 if error else 200)


def done(
    request: AgentRequest, message: str, *gone: Conversation, again: Conversation | None = None
) -> HttpResponse:
    """Says what happened; `gone` is what this agent's screen does not show any more, `again` what
    is new on it and open already."""
    if wants_page(request):
        return redirect("console:home", request.agent.project.slug)
    news = {
        "message": message,
        "gone": [str(conversation.pk) for conversation in gone],
        "again": str(again.pk) if again else "",
    }
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"transferred": news})})
