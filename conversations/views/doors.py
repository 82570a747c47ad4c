"""What every console door does first: who asks, for which project, how fast, in which language."""

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django_htmx.middleware import HtmxDetails

from agents import access, limits
from agents.models import Agent
from conversations.outbound import NotYours

View = Callable[..., HttpResponse]


class Unusable(Exception):
    """What was sent cannot be used, with a sentence for whoever sent it: 422."""


class AgentRequest(HttpRequest):
    agent: Agent
    htmx: HtmxDetails


def console_door(view: View) -> View:
    """Signed in, an agent of this project, not too fast, answered in the agent's language.

    A person of the project who may not answer is told who can change that; a race that
    somebody else won is a 409 with a sentence.
    """

    @wraps(view)
    @login_required
    def door(request: AgentRequest, project: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            request.agent = access.agent_for(request.user, project)
        except PermissionDenied:
            return no_access(request)
        with translation.override(request.agent.language):
            try:
                response = too_fast(request) or view(request, *args, **kwargs)
            except Unusable as problem:
                response = invalid(request, str(problem))
            except NotYours:
                response = conflict(
                    request,
                    translation.gettext("This conversation is over or with somebody else by now."),
                )
            response.headers["Content-Language"] = request.agent.language
            response.headers["Cache-Control"] = "no-store"
            return response

    return door


def no_access(request: HttpRequest) -> HttpResponse:
    """Whoever may not answer learns who can change that, by name where the project has one."""
    context = {"projects": access.whom_to_ask(request.user)}
    return render(request, "agents/no_access.html", context, status=403)


def too_fast(request: AgentRequest) -> HttpResponse | None:
    """429 for an agent over the limit, all their tabs together; says when to come again."""
    wait = limits.wait_for(
        f"agent:{request.agent.pk}",
        burst=settings.LIMIT_AGENT_BURST,
        per_minute=settings.LIMIT_AGENT_PER_MINUTE,
    )
    if not wait:
        return None
    sentence = translation.gettext("That was too fast. Wait a moment; nothing you wrote is lost.")
    response = sentence_response(request, sentence, 429)
    response.headers["Retry-After"] = str(math.ceil(wait))
    return response


def wants_page(request: HttpRequest) -> bool:
    """A browser without our script, which shows what it gets; the script wants fragments."""
    is_scripted = "HX-Request" in request.headers or "X-Requested-With" in request.headers
    return not is_scripted and request.headers.get("Accept", "*/*").startswith("text/html")


def conflict(request: HttpRequest, sentence: str) -> HttpResponse:
    """409: somebody else was first."""
    return sentence_response(request, sentence, 409)


def invalid(request: HttpRequest, sentence: str) -> HttpResponse:
    """422: what was sent cannot be used."""
    return sentence_response(request, sentence, 422)


def sentence_response(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    """The bare sentence for scripts; a page around it for a form without JavaScript."""
    if wants_page(request):
        return render(request, f"{status}.html", {"sentence": sentence}, status=status)
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
