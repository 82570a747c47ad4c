"""Signing out ends presence at once, so it belongs to the app that owns work. Whoever has open
conversations is asked first what should become of them."""

import json
import uuid
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agents.models import User
from conversations import access, closing, departing
from conversations.outbound import NotYours
from conversations.views.doors import AgentRequest, console_door, wants_page


@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """GET asks, POST signs out; with open conversations only `leave=all` does."""
    user = request.user if isinstance(request.user, User) else None
    held = departing.held_by(user) if user else []
    if user and (request.method == "GET" or (held and request.POST.get("leave") != "all")):
        return ask(request, user, held)
    if request.method == "POST":
        session_key = request.session.session_key
        logout(request)  # first: a page that is told to go must not find its session still there
        if user and session_key:
            departing.sign_out(user=user, session_key=session_key)
    return redirect("login")


def ask(request: HttpRequest, user: User, held: list[Any]) -> HttpResponse:
    name = "going_home" if wants_page(request) else "_going_home"
    context = {
        "held": held,
        "count": sum(len(rows) for _agent, rows in held),
        "left": departing.left_by(user),
    }
    with translation.override(held[0][0].language if held else translation.get_language()):
        return render(request, f"conversations/{name}.html", context)


@require_POST
@console_door
def leaving(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """One of them alone is left."""
    conversation = access.conversation_once_of(request.agent, conversation_id)
    name = {"name": conversation.title}
    try:
        is_back = departing.leave_one(agent=request.agent, conversation=conversation)
    except closing.AlreadyDone:
        raise NotYours from None
    if is_back:
        message = _("%(name)s is back in the queue.") % name
    else:
        message = _("%(name)s goes back to the queue as soon as they write.") % name
    if wants_page(request):
        return redirect("logout")
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"left": message})})
