"""Closed chats: a tab of History, each to be read by the two who wrote it."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from conversations.views import console
from conversations.views.doors import AgentRequest
from conversations.views.history import cursor, is_for_thread
from internalchat import access, directory
from internalchat.views import chats
from internalchat.views.doors import chat_door


@require_GET
@chat_door
def history(request: AgentRequest) -> HttpResponse:
    if is_for_thread(request):
        return render(request, "conversations/_nothing_archived.html")
    return answer(request, {"chat": None})


@require_GET
@chat_door
def chat(request: AgentRequest, chat_id: uuid.UUID) -> HttpResponse:
    chosen = access.chat_for(request.agent, chat_id)
    home = reverse("internal:history", args=[request.agent.project.slug])
    context = {**chats.thread(request, chosen), "is_mine": False, "archived": home}
    if is_for_thread(request):
        return render(request, "internalchat/_thread.html", {**chats.own(request), **context})
    return answer(request, context)


def answer(request: AgentRequest, context: dict[str, Any]) -> HttpResponse:
    """The list and what is open beside it; the whole console around them where it is not there."""
    context = {**chats.own(request), **context, "place": "history", "archive": listed(request)}
    if request.htmx:
        return render(request, "internalchat/archive.html", context)
    pane = "internalchat/_thread.html" if context["chat"] else None
    whole = {**console.page(request), **console.around(request), **context, "pane": pane}
    return render(request, "console/console.html", whole)


def listed(request: AgentRequest) -> dict[str, Any]:
    """A page of the agent's own, newest first, after the one named."""
    after = cursor(request.GET.get("before", ""))
    rows, has_more = directory.closed(request.agent.pk, after)
    home = reverse("internal:history", args=[request.agent.project.slug])
    return {
        "template": "internalchat/_archive.html",
        "rows": rows,
        "more": f"{home}?before={rows[-1].chat.pk}" if has_more else "",
        "is_first": after is None,
    }
