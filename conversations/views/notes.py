"""Notes of staff for staff: adding, removing, whom they name, and where one is named."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from conversations import access, noting
from conversations.models.note import MAX_NOTE
from conversations.views.console import pane
from conversations.views.doors import AgentRequest, console_door, invalid, wants_page
from conversations.views.messages import clean, name_of

ABOUT = {"conversation": False, "contact": True}


@require_POST
@console_door
def create(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = access.conversation_for(request.agent, conversation_id)
    client_id = name_of(request)
    text = clean(request.POST.get("text", "")).strip()
    about = request.POST.get("about", "conversation")
    if client_id is None:
        return invalid(request, _("A note needs a UUID as its id."))
    if not text:
        return invalid(request, _("There is nothing in this note."))
    if len(text) > MAX_NOTE:
        return invalid(request, _("A note has at most %(most)s characters.") % {"most": MAX_NOTE})
    if about not in ABOUT:
        return invalid(request, _("A note is about the conversation or the contact."))
    note = noting.write(
        agent=request.agent,
        conversation=conversation,
        client_id=client_id,
        text=text,
        on_contact=ABOUT[about],
    )
    if wants_page(request):
        return redirect(conversation)
    return render(request, "conversations/_added_note.html", {"note": note})


@require_POST
@console_door
def removal(request: AgentRequest, conversation_id: uuid.UUID, note_id: uuid.UUID) -> HttpResponse:
    conversation = access.conversation_for(request.agent, conversation_id)
    note = access.note_for(request.agent, conversation, note_id)
    noting.remove(agent=request.agent, note=note)
    if wants_page(request):
        return redirect(conversation)
    return render(request, "conversations/_removed_note.html", {"note": note})


@require_GET
@console_door
def colleagues(request: AgentRequest) -> HttpResponse:
    """Whom a note can name; of two with one name each by the user name."""
    people = list(noting.colleagues_of(request.agent).exclude(pk=request.agent.pk))
    names = [person.name for person in people]
    context = {"people": [(person, names.count(person.name) > 1) for person in people]}
    return render(request, "conversations/_colleagues.html", context)


@require_GET
@console_door
def mentions(request: AgentRequest) -> HttpResponse:
    context = {"mentions": access.mentions_of(request.agent)}
    return pane(request, "console/_mentions.html", _("Mentions"), context)
