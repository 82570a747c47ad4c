"""Files on their way into a conversation, and the agents' way to those that are in one."""

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations import access, file_access, filing
from conversations.models.attachment import MOST_FILES
from conversations.views.doors import AgentRequest, conflict, console_door, sentence_response
from media import links, refusals, storing
from media.checks import box
from media.models import FileKind, MediaRule, Upload
from media.uploads import NotTaken

# What a phone's camera makes.
CAPTURED = {FileKind.IMAGE: "image/*", FileKind.VIDEO: "video/*"}


class Brought(Protocol):
    """What an upload belongs to."""

    upload: Upload


@require_POST
@console_door
def create(request: AgentRequest) -> HttpResponse:
    conversation = access.conversation_for(request.agent, uuid_of(request.POST.get("conversation")))
    return received(request, partial(filing.bring, agent=request.agent, conversation=conversation))


def received(request: AgentRequest, bring: Callable[..., Brought]) -> HttpResponse:
    """What came with the request, as the verb `bring` keeps it; or why it does not."""
    body, kind = request.FILES.get("file"), request.POST.get("kind", "")
    try:
        if body is None or kind not in FileKind.values:
            raise NotTaken("no_file")
        brought = bring(
            kind=kind, name=body.name or "", body=body, is_voice="voice" in request.POST
        )
    except NotTaken as problem:
        sentence = refusals.sentence(problem.reason, problem.figures)
        return sentence_response(request, sentence, refusals.status(problem.reason))
    except storing.Away:
        return away(request)
    return answer(request, brought, status=201)


def away(request: HttpRequest) -> HttpResponse:
    return sentence_response(
        request, _("Files cannot be kept at the moment. Try again in a minute."), 503
    )


@require_http_methods(["GET", "DELETE"])
@console_door
def upload(request: AgentRequest, upload_id: uuid.UUID) -> HttpResponse:
    if request.method == "DELETE":
        return remove(request, upload_id)
    return answer(request, file_access.attachment_for(request.agent, upload_id))


@require_POST
@console_door
def removal(request: AgentRequest, upload_id: uuid.UUID) -> HttpResponse:
    return remove(request, upload_id)


def remove(request: AgentRequest, upload_id: uuid.UUID) -> HttpResponse:
    attachment = file_access.unsent_for(request.agent, upload_id)
    return removed(request, filing.discard(attachment))


def removed(request: AgentRequest, is_gone: bool) -> HttpResponse:
    if not is_gone:
        return conflict(request, _("This file has been sent already."))
    return HttpResponse(status=204)


@require_GET
@console_door
def rules(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Where files of these kinds are chosen, with what each must be, before one is chosen."""
    conversation = access.conversation_for(request.agent, conversation_id)
    context = {
        "conversation": conversation,
        "send_url": f"{conversation.get_absolute_url()}messages/",
        "uploads_url": reverse("console:uploads", args=[conversation.project.slug]),
    }
    return dialog(request, conversation.inbox.rules_now(), context)


def dialog(
    request: AgentRequest, taken: Mapping[str, MediaRule], context: dict[str, Any]
) -> HttpResponse:
    """For the kinds that were asked for, all of which are taken."""
    kinds = [FileKind(kind) for kind in FileKind.values if kind in request.GET.getlist("kind")]
    if not kinds or not taken.keys() >= set(kinds):
        raise Http404
    context |= {
        "boxes": [(taken[kind], box.lines(taken[kind].allowed)) for kind in kinds],
        "only_kind": kinds[0] if len(kinds) == 1 else None,
        "captured": CAPTURED.get(kinds[0]) if len(kinds) == 1 else None,
        "most_files": MOST_FILES,
    }
    return render(request, "media/_dialog.html", context)


@require_GET
@console_door
def file(request: AgentRequest, upload_id: uuid.UUID, part: str) -> HttpResponse:
    """To a link of the agent's own, good for a while."""
    return led_to(request, file_access.attachment_for(request.agent, upload_id).upload, part)


def led_to(request: AgentRequest, upload: Upload, part: str) -> HttpResponse:
    if not upload.is_ready:
        raise Http404
    return HttpResponseRedirect(links.to_agent(upload, request.agent.pk, part))


def answer(request: AgentRequest, attachment: Brought, status: int = 200) -> HttpResponse:
    """The line of the dialog for our script, data for other programs."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(as_json(attachment.upload), status=status)
    return render(request, "media/_upload.html", {"attachment": attachment}, status=status)


def as_json(upload: Upload) -> dict[str, Any]:
    return {
        "id": str(upload.pk),
        "state": upload.state,
        "kind": upload.kind,
        "name": upload.delivered_name,
        "size": upload.size,
        "type": upload.type,
        "reason": upload.reason,
        "detail": refusals.sentence(upload.reason, upload.figures),
    }


def uuid_of(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        raise Http404 from None
