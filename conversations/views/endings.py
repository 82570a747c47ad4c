"""Ending a conversation: the dialog, and the ending."""

import itertools
import json
import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
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
    context = {"conversation": conversation, "address": f"{conversation.url}ending/"}
    return asked(
        request,
        closing.offered(conversation),
        context,
        lambda chosen, comment: end(request, conversation, chosen, comment),
    )


def asked(
    request: AgentRequest,
    among: QuerySet[Typification],
    context: dict[str, Any],
    end: Callable[[Typification, str], HttpResponse],
) -> HttpResponse:
    """The dialog that asks for a typification, until one is chosen that `end` takes."""
    if request.method == "GET":
        return dialog(request, among, context)
    comment = request.POST.get("comment", "").replace("\0", "")[:500]
    value = request.POST.get("typification", "")
    chosen = among.filter(pk=int(value)).first() if access.is_number(value) else None
    context |= {"chosen": chosen, "comment": comment}
    if chosen is None:
        errors = {"typification": [_("Choose a typification from the list.")]}
        return dialog(request, among, context | {"errors": errors}, 422)
    try:
        return end(chosen, comment)
    except ValidationError as problem:
        return dialog(request, among, context | {"errors": problem.message_dict}, 422)


def dialog(
    request: AgentRequest,
    among: QuerySet[Typification],
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A page around it without a script."""
    own = {"project": request.agent.project, "agent": request.agent, "groups": groups_of(among)}
    name = "ending" if wants_page(request) else "_ending"
    return render(request, f"conversations/{name}.html", {**own, **context}, status=status)


def groups_of(among: QuerySet[Typification]) -> list[tuple[str, list[Typification]]]:
    """The offered typifications under the names of their groups, in the admin's order."""
    offered = sorted(
        among,
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


def end(
    request: AgentRequest, conversation: Conversation, typification: Typification, comment: str
) -> HttpResponse:
    try:
        assigned = closing.end(
            agent=request.agent,
            conversation=conversation,
            typification=typification,
            comment=comment,
        )
    except closing.AlreadyDone:
        raise NotYours from None
    return ended(request, conversation, assigned)


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
