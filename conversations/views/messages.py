"""The thread's small posts: answering, reading, writing; and the 20 older messages."""

import unicodedata
import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agents import counting
from conversations import access, attending, notebook, outbound, quick_replies, transcript
from conversations.models import Message
from conversations.models.attachment import MOST_FILES
from conversations.models.message import MAX_TEXT
from conversations.views.console import seq_of
from conversations.views.doors import (
    AgentRequest,
    Unusable,
    conflict,
    console_door,
    invalid,
    wants_page,
)
from media.attaching import NotAttached


@require_http_methods(["GET", "POST"])
@console_door
def messages(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    return (create if request.method == "POST" else older)(request, conversation_id)


@counting.replies.time()
def create(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = access.conversation_for(request.agent, conversation_id)
    client_id, text, uploads = written(request)
    if blank := quick_replies.left_blank(text):
        return invalid(
            request,
            _("%(blank)s still stands in the text. Write what belongs there.") % {"blank": blank},
        )
    try:
        message = outbound.send(
            agent=request.agent,
            conversation=conversation,
            client_id=client_id,
            text=text,
            uploads=uploads,
        )
    except NotAttached:
        return conflict(request, not_attached())
    if wants_page(request):
        return redirect(conversation)
    return render(request, "conversations/_message.html", {"message": message})


def not_attached() -> str:
    return _("A file is not ready, or was sent already. Nothing was sent.")


def written(request: AgentRequest) -> tuple[uuid.UUID, str, list[uuid.UUID]]:
    """What was sent under which name, with which files; raises Unusable with the reason."""
    client_id, uploads = name_of(request), uploads_of(request)
    if client_id is None:
        raise Unusable(_("A message needs a UUID as its id."))
    text = clean(request.POST.get("text", "")).strip()
    if not text and not uploads:
        raise Unusable(_("There is nothing in this message."))
    if len(uploads) > MOST_FILES:
        raise Unusable(_("A message has at most %(most)s files.") % {"most": MOST_FILES})
    if len(text) > MAX_TEXT:
        raise Unusable(_("A message has at most %(most)s characters.") % {"most": MAX_TEXT})
    return client_id, text, uploads


def name_of(request: AgentRequest) -> uuid.UUID | None:
    """The name the page gave what it sends."""
    try:
        return uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        return None


def uploads_of(request: AgentRequest) -> list[uuid.UUID]:
    """Each once, in the order given. Http404 for what is no id."""
    try:
        return list(dict.fromkeys(uuid.UUID(text) for text in request.POST.getlist("upload")))
    except ValueError:
        raise Http404 from None


def clean(text: str) -> str:
    """Line breaks as the customer sends them, without what PostgreSQL cannot store."""
    text = text.replace("\r\n", "\n")
    return "".join(c for c in text if c != "\0" and unicodedata.category(c) != "Cs")


def older(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """The 20 messages of this contact before the one named."""
    conversation = access.conversation_for(request.agent, conversation_id)
    history = access.history_for(request.agent, conversation)
    try:
        before = Message.objects.get(
            client_id=uuid.UUID(request.GET.get("before", "")),
            conversation__in=history,
        )
    except (ValueError, Message.DoesNotExist, Message.MultipleObjectsReturned):
        raise Http404 from None
    page, has_older = transcript.older(history, before)
    start = notebook.start_of(page, has_older)
    notes = access.notes_for(request.agent, conversation)
    context = {
        "project": request.agent.project,
        "conversation": conversation,
        "messages": page,
        "lines": notebook.interleaved(page, notebook.between(notes, start, before.created_at)),
        "has_older": has_older,
        "are_earlier": True,
    }
    return render(request, "conversations/_older_messages.html", context)


@require_POST
@console_door
def typing(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = access.conversation_for(request.agent, conversation_id)
    attending.typing(agent=request.agent, conversation=conversation)
    return HttpResponse(status=204)


@require_POST
@console_door
def reading(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = access.conversation_for(request.agent, conversation_id)
    attending.read(
        agent=request.agent, conversation=conversation, seq=seq_of(request.POST.get("seq"))
    )
    return HttpResponse(status=204)
