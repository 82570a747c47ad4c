"""Closing a chat: the dialog of a customer's conversation, and the closing."""

import json
import uuid

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations.models import Typification
from conversations.views import endings
from conversations.views.doors import AgentRequest, wants_page
from internalchat import access, closing
from internalchat.models import DirectChat
from internalchat.views.doors import chat_door


@require_http_methods(["GET", "POST"])
@chat_door
def ending(request: AgentRequest, chat_id: uuid.UUID) -> HttpResponse:
    chat = access.chat_for(request.agent, chat_id)
    if not chat.is_open:
        raise closing.AlreadyClosed
    context = {
        "chat": chat,
        "colleague": chat.colleague_of(request.agent.pk),
        "address": f"{chat.get_absolute_url()}ending/",
    }
    return endings.asked(
        request,
        closing.offered(chat),
        context,
        lambda chosen, comment: close(request, chat, chosen, comment),
    )


def close(
    request: AgentRequest, chat: DirectChat, typification: Typification, comment: str
) -> HttpResponse:
    closing.close(agent=request.agent, chat=chat, typification=typification, comment=comment)
    if wants_page(request):
        return redirect(chat)
    name = chat.colleague_of(request.agent.pk).name
    message = _("Chat with %(name)s closed.") % {"name": name}
    trigger = {"ended": {"message": message, "url": "", "conversation": str(chat.pk)}}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(trigger)})
