"""Quick replies: what `/` offers in a conversation, and the page where they are kept."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.models import Campaign
from conversations import access, quick_replies
from conversations.models import QuickReply
from conversations.views.console import pane
from conversations.views.doors import AgentRequest, conflict, console_door, wants_page
from conversations.views.messages import clean

MINE, EVERYBODY = "me", "all"


@dataclass
class Form:
    """What was typed, and what is wrong with it."""

    shortcut: str = ""
    text: str = ""
    audience: str = MINE  # "me", "all", or a campaign's number
    errors: dict[str, list[str]] = field(default_factory=dict)


@require_GET
@console_door
def offered(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = access.conversation_for(request.agent, conversation_id)
    replies = quick_replies.offered(request.agent, conversation)
    return render(request, "conversations/_offered_replies.html", {"replies": replies})


@require_http_methods(["GET", "POST"])
@console_door
def replies(request: AgentRequest) -> HttpResponse:
    if request.method == "GET":
        return show(request)
    return store(request, None)


@require_http_methods(["GET", "POST"])
@console_door
def reply(request: AgentRequest, reply_id: int) -> HttpResponse:
    chosen = access.reply_for(request.agent, reply_id)
    if request.method == "POST":
        return store(request, chosen)
    audience = MINE if chosen.agent_id else str(chosen.campaign_id or EVERYBODY)
    return show(request, Form(chosen.shortcut, chosen.text, audience), chosen)


@require_POST
@console_door
def deletion(request: AgentRequest, reply_id: int) -> HttpResponse:
    chosen = access.reply_for(request.agent, reply_id)
    quick_replies.discard(reply=chosen)
    return done(request, _("/%(shortcut)s is deleted.") % {"shortcut": chosen.shortcut})


def store(request: AgentRequest, chosen: QuickReply | None) -> HttpResponse:
    form = Form(
        clean(request.POST.get("shortcut", "")).strip().removeprefix("/"),
        clean(request.POST.get("text", "")).strip(),
        request.POST.get("audience", MINE),
    )
    try:
        saved = quick_replies.keep(
            agent=request.agent,
            reply=chosen,
            shortcut=form.shortcut,
            text=form.text,
            is_shared=form.audience != MINE,
            campaign=campaign_of(request, form.audience),
        )
    except ValidationError as problem:
        form.errors = problem.message_dict
        return show(request, form, chosen)
    except quick_replies.Gone:
        return conflict(request, _("Somebody deleted this quick reply meanwhile."))
    return done(request, _("/%(shortcut)s is saved.") % {"shortcut": saved.shortcut})


def campaign_of(request: AgentRequest, audience: str) -> Campaign | None:
    """The campaign meant by the form; Http404 for one that is not the project's."""
    if audience in {MINE, EVERYBODY}:
        return None
    number = int(audience) if audience.isdecimal() and len(audience) < 18 else 0
    campaign = Campaign.objects.filter(pk=number, project=request.agent.project_id).first()
    if campaign is None:
        raise Http404
    return campaign


def done(request: AgentRequest, said: str) -> HttpResponse:
    if wants_page(request):
        return redirect("console:replies", request.agent.project.slug)
    response = show(request, said=said)
    response.headers["HX-Push-Url"] = reverse("console:replies", args=[request.agent.project.slug])
    return response


def show(
    request: AgentRequest,
    form: Form | None = None,
    chosen: QuickReply | None = None,
    said: str = "",
) -> HttpResponse:
    agent = request.agent
    context: dict[str, Any] = {
        "form": form or Form(),
        "chosen": chosen,
        "said": said,
        "mine": quick_replies.for_agent(agent).filter(agent=agent),
        "shared": quick_replies.shared_with(agent),
        "campaign_choices": agent.project.campaigns.filter(is_active=True),
    }
    status = 422 if form and form.errors else 200
    return pane(request, "console/_replies.html", _("Quick replies"), context, status)
