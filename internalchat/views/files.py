"""Files on their way to a colleague, and the two agents' way to those that were sent."""

import uuid
from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.views import uploads
from conversations.views.doors import AgentRequest, sentence_response
from internalchat import access, sharing
from internalchat.taking import Taken
from internalchat.views.doors import chat_door
from media.models import FileKind


@require_GET
@chat_door
def rules(request: AgentRequest, chat_id: uuid.UUID, colleague_id: int) -> HttpResponse:
    """Where files of these kinds are chosen; also for a chat that begins with them."""
    chat = access.chat_for(request.agent, chat_id, str(colleague_id))
    query = "" if chat.is_written else f"?agent={colleague_id}"
    context = {
        "conversation": chat,
        "colleague": chat.colleague_of(request.agent.pk),
        "send_url": f"{chat.get_absolute_url()}messages/{query}",
        "uploads_url": reverse("internal:uploads", args=[chat.project.slug]),
    }
    return uploads.dialog(request, Taken(chat.project).rules, context)


@require_POST
@chat_door
def create(request: AgentRequest) -> HttpResponse:
    taken = Taken(request.agent.project)
    kind = request.POST.get("kind", "")
    if kind in FileKind.values and kind not in taken.takes:
        return sentence_response(request, taken.sentence, 415)
    return uploads.received(request, partial(sharing.bring, agent=request.agent))


@require_http_methods(["GET", "DELETE"])
@chat_door
def upload(request: AgentRequest, upload_id: uuid.UUID) -> HttpResponse:
    if request.method == "DELETE":
        return remove(request, upload_id)
    return uploads.answer(request, access.file_for(request.agent, upload_id))


@require_POST
@chat_door
def removal(request: AgentRequest, upload_id: uuid.UUID) -> HttpResponse:
    return remove(request, upload_id)


def remove(request: AgentRequest, upload_id: uuid.UUID) -> HttpResponse:
    brought = access.unsent_for(request.agent, upload_id)
    return uploads.removed(request, sharing.discard(brought))


@require_GET
@chat_door
def file(request: AgentRequest, upload_id: uuid.UUID, part: str) -> HttpResponse:
    """To a link of the agent's own, good for a while."""
    return uploads.led_to(request, access.file_for(request.agent, upload_id).upload, part)
