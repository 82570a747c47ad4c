"""Ending a conversation: the dialog, and the ending."""

import itertools
import json
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations import access, closing
from conversations.models import Conversation, Typification
from conversations.outbound import NotYours, holds
from conversations.teams import Given
from conversations.views.doors import AgentRequest, console_door, wants_page


@require_http_methods(["GET", "POST"])
@console_door
def ending(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = access.conversation_for(request.agent, conversation_id)
    if not holds(request.agent, conversation):
        raise NotYours
    if request.method == "GET":
        return dialog(request, conversation)
    comment = request.POST.get("comment", "").replace("\0", "")[:500]
    chosen = chosen_of(request, conversation)
    if chosen is None:
        errors = {"typification": [_("Choose a typification from the list.")]}
        return dialog(request, conversation, None, comment, errors)
    try:
        assigned = closing.end(
            agent=request.agent, conversation=conversation, typification=chosen, comment=comment
        )
    except ValidationError as problem:
        return dialog(request, conversation, chosen, comment, problem.message_dict)
    except closing.AlreadyDone:
        raise NotYours from None
    return ended(request, conversation, assigned)


def chosen_of(request: AgentRequest, conversation: Conversation) -> Typification | None:
    value = request.POST.get("typification", "")
    if not value.isdecimal() or len(value) > 18:
        return None
    return closing.offered(conversation).filter(pk=int(value)).first()


def dialog(
    request: AgentRequest,
    conversation: Conversation,
    chosen: Typification | None = None,
    comment: str = "",
    errors: dict[str, list[str]] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "project": request.agent.project,
        "agent": request.agent,
        "conversation": conversation,
        "groups": groups_of(conversation),
        "chosen": chosen,
        "comment": comment,
        "errors": errors or {},
    }
    name = "ending" if wants_page(request) else "_ending"
    return render(request, f"conversations/{name}.html", context, status=422 if errors else 200)


def groups_of(conversation: Conversation) -> list[tuple[str, list[Typification]]]:
    """The offered typifications under the names of their groups, in the admin's order."""
    offered = sorted(
        closing.offered(conversation),
        key=lambda t: (
            (t.parent.order, t.parent.name) if t.parent else (9999, ""),
            t.order,
            t.name,
        ),
    )
    return [
        (str(parent) if parent else "", list(group))
        for parent, group in itertools.groupby(offered, key=lambda t: t.parent)
    ]


def ended(request: AgentRequest, conversation: Conversation, assigned: list[Given]) -> HttpResponse:
    """Says who comes in next, with the address of their conversation."""
    mine = [given for given in assigned if given.agent_id == request.agent.pk]
    names = {"name": conversation.title}
    url = ""
    message = _("Conversation with %(name)s ended.") % names
    if mine:
        following = Conversation.objects.select_related("contact", "identity", "project").get(
            pk=mine[0].conversation_id
        )
        url = following.url
        message += " " + _("%(name)s is in this slot now.") % {"name": following.title}
    if wants_page(request):
        return redirect("console:home", request.agent.project.slug)
    trigger = json.dumps(
        {"ended": {"message": message, "url": url, "conversation": str(conversation.pk)}}
    )
    return HttpResponse(status=204, headers={"HX-Trigger": trigger})
