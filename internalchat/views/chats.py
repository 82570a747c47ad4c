"""The directory, a chat, and the refresh that repairs both: all from the same fragments."""

import hashlib
import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agents import counting
from agents.models import Agent
from conversations.views import console
from conversations.views.console import seq_of
from conversations.views.doors import AgentRequest
from conversations.views.history import is_for_thread
from internalchat import access, directory, posts, quoting
from internalchat.models import DirectChat, Post
from internalchat.taking import Taken
from internalchat.views.doors import chat_door

PAGE = 20


@require_GET
@chat_door
def home(request: AgentRequest) -> HttpResponse:
    return answer(request, {"chat": None})


@require_GET
@chat_door
def chat(request: AgentRequest, chat_id: uuid.UUID) -> HttpResponse:
    return answer(request, thread(request, access.chat_for(request.agent, chat_id)))


@require_GET
@chat_door
def direct(request: AgentRequest) -> HttpResponse:
    """The open chat with a colleague, or an empty one that the first message begins."""
    colleague = access.colleague_for(request.agent, request.GET.get("agent", ""))
    chosen = DirectChat.between(request.agent, colleague)
    if not chosen.is_written and not directory.one(colleague).is_active:
        raise posts.NotActive
    return answer(request, thread(request, chosen))


@require_GET
@chat_door
def agents(request: AgentRequest) -> HttpResponse:
    """The directory alone, as it is now, and how the open chat's colleague is: nothing for whoever
    names what they have seen and would get it again."""
    context = {**own(request), **listed(request.agent)}
    if chosen := open_chat(request):
        context |= around(request.agent, chosen)
    response = render(request, "internalchat/agents.html", context)
    state = hashlib.blake2b(response.content, digest_size=8).hexdigest()
    if request.GET.get("seen") == state:
        return HttpResponse(status=204)
    response.headers["X-State"] = state
    return response


@require_GET
@chat_door
def refresh(request: AgentRequest) -> HttpResponse:
    """The console's refresh, with this place of it instead of a customer's thread."""
    counting.refreshed(request.GET.get("why"))
    context = console.page(request)  # its revision is read before anything else
    context |= listed(request.agent)
    if chosen := open_chat(request):
        after = chosen.posts.filter(seq__gt=seq_of(request.GET.get("after"))).order_by("seq")
        context |= thread(request, chosen, list(after.select_related("agent__user")))
    response = render(request, "internalchat/refresh.html", context)
    response.headers["X-Revision"] = str(context["revision"])
    return response


def open_chat(request: AgentRequest) -> DirectChat | None:
    """The chat the page shows, if it may be seen."""
    try:
        wanted = uuid.UUID(request.GET.get("conversation", ""))
    except ValueError:
        return None
    return access.chat_for(request.agent, wanted, request.GET.get("agent", ""))


def answer(request: AgentRequest, context: dict[str, Any]) -> HttpResponse:
    """What is open; with the directory beside it, and the console around both, if not there yet."""
    context = {**own(request), **context}
    if request.htmx and is_for_thread(request):
        return render(request, "internalchat/_thread.html", context)
    context |= {**listed(request.agent), "pane": "internalchat/_thread.html"}
    if request.htmx:
        return render(request, "internalchat/place.html", context)
    whole = {**console.page(request), **console.around(request), **context}
    return render(request, "console/console.html", whole)


def own(request: AgentRequest) -> dict[str, Any]:
    return {"project": request.agent.project, "agent": request.agent, "place": "internal"}


def listed(agent: Agent) -> dict[str, Any]:
    people = directory.colleagues(agent)
    groups = [
        (is_active, [one for one in people if one.is_active is is_active])
        for is_active in (True, False)
    ]
    return {"groups": groups, "chats": directory.chats(agent.pk)}


def around(agent: Agent, chosen: DirectChat) -> dict[str, Any]:
    return {
        "chat": chosen,
        "colleague": chosen.colleague_of(agent.pk),
        "presence": directory.one(chosen.colleague_of(agent.pk)),
    }


def thread(
    request: AgentRequest, chosen: DirectChat, lines: list[Post] | None = None
) -> dict[str, Any]:
    """The newest posts, or those given."""
    agent = request.agent
    has_older = False
    if lines is None:
        lines, has_older = page(chosen)
    return {
        **around(agent, chosen),
        "is_mine": chosen.is_open,
        "taken": Taken(agent.project),
        "lines": lines_of(agent, lines),
        "messages": lines,
        "has_older": has_older,
        "base": chosen.get_absolute_url(),
        "reading_seq": chosen.read_by(chosen.colleague_of(agent.pk).pk),
        "new_message_id": uuid.uuid4(),
    }


def page(chosen: DirectChat, before: Post | None = None) -> tuple[list[Post], bool]:
    """The newest posts before that one, oldest first; more before?"""
    found = chosen.posts.select_related("agent__user").order_by("-seq")
    if before:
        found = found.filter(seq__lt=before.seq)
    newest = list(found[: PAGE + 1])
    return newest[:PAGE][::-1], len(newest) > PAGE


def lines_of(agent: Agent, lines: list[Post]) -> list[dict[str, Post]]:
    return [{"message": post} for post in quoting.with_cards(agent, lines)]
