"""History: the ended conversations an agent may find, and each to be read."""

import datetime as dt
import uuid
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agents.models import Agent, Project
from conversations import access, archive, notebook, transcript
from conversations.holding import Holding
from conversations.models import Conversation, Message, Note, Typification
from conversations.views import console
from conversations.views.doors import AgentRequest, console_door

MOST_WORDS = 120
CHOICES = ("agent", "campaign", "inbox", "typification", "contact")
FORM = "archive-form"
THREAD = "thread"  # what a row of the list asks for: the list stays as it is


@require_GET
@console_door
def history(request: AgentRequest) -> HttpResponse:
    wanted = wanted_by(request)
    if is_for_thread(request):
        return render(request, "conversations/_nothing_archived.html")
    return answer(request, wanted, {"conversation": None})


@require_GET
@console_door
def conversation(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """One that is over, without what was said before or after it: that has rows of its own."""
    chosen = access.archived_for(request.agent, conversation_id)
    wanted = wanted_by(request)
    context = thread(request, chosen, wanted)
    if is_for_thread(request):
        return render(request, "conversations/_thread.html", context)
    return answer(request, wanted, context)


@require_GET
@console_door
def older(request: AgentRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """The 20 messages of it before the one named."""
    chosen = access.archived_for(request.agent, conversation_id)
    try:
        before = chosen.messages.get(client_id=uuid.UUID(request.GET.get("before", "")))
    except (ValueError, Message.DoesNotExist, Message.MultipleObjectsReturned):
        raise Http404 from None
    page, has_older = transcript.older(only(chosen), before)
    start = notebook.start_of(page, has_older)
    notes = notebook.between(notes_on(request.agent, chosen), start, before.created_at)
    context = {
        "conversation": chosen,
        "base": address(request.agent.project, chosen),
        "messages": page,
        "lines": notebook.interleaved(page, notes),
        "has_older": has_older,
        "are_earlier": True,
    }
    return render(request, "conversations/_older_messages.html", context)


def answer(request: AgentRequest, wanted: archive.Wanted, context: dict[str, Any]) -> HttpResponse:
    """The list and what is open beside it; the whole console around them where it is not there."""
    pane = {"archive": listed(request, wanted)}
    if request.htmx:
        own = {"project": request.agent.project, "agent": request.agent}
        response = render(request, "console/archive.html", {**own, **pane, **context})
        if request.htmx.trigger == FORM:  # without the fields that were left empty
            response.headers["HX-Push-Url"] = home(request.agent.project, wanted)
        return response
    whole = {**console.page(request), **console.around(request)}
    return render(request, "console/console.html", {**whole, **pane, **context})


def is_for_thread(request: AgentRequest) -> bool:
    return bool(request.htmx) and request.headers.get("X-Part") == THREAD


def thread(request: AgentRequest, chosen: Conversation, wanted: archive.Wanted) -> dict[str, Any]:
    """As the console's own, read only, and of this conversation alone."""
    served = chosen.assignments.filter(outcome=archive.ENDED).select_related(
        "agent__user", "queue_entry"
    )
    holding = Holding(served.first(), has_offers=False)
    return {
        **console.thread_of(
            request, chosen, only(chosen), notes_on(request.agent, chosen), holding
        ),
        "base": address(request.agent.project, chosen),
        "archived": home(request.agent.project, wanted),
    }


def notes_on(agent: Agent, chosen: Conversation) -> QuerySet[Note]:
    return access.notes_for(agent, chosen).filter(conversation=chosen)


def only(chosen: Conversation) -> Any:
    return Conversation.objects.filter(pk=chosen.pk)


def address(project: Project, chosen: Conversation) -> str:
    return reverse("console:archived", args=[project.slug, chosen.pk])


def home(project: Project, wanted: archive.Wanted, **more: object) -> str:
    """The list's address with its filter: to be shared, and to come back to."""
    chosen = {name: value for name, value in {**asked(wanted), **more}.items() if value}
    path = reverse("console:history", args=[project.slug])
    return f"{path}?{urlencode(chosen)}" if chosen else path


def asked(wanted: archive.Wanted) -> dict[str, object]:
    """As it stands in the address."""
    days = {"from": wanted.since, "to": wanted.until}
    return {
        "q": wanted.words,
        **{name: getattr(wanted, name) for name in CHOICES},
        **{name: day.isoformat() for name, day in days.items() if day},
    }


def wanted_by(request: AgentRequest) -> archive.Wanted:
    """What the address asks for; whatever is no number or no day is not asked for."""
    return archive.Wanted(
        **{name: number(request.GET.get(name, "")) for name in CHOICES},
        since=day(request.GET.get("from", "")),
        until=day(request.GET.get("to", "")),
        words=" ".join(request.GET.get("q", "").replace("\0", "").split())[:MOST_WORDS],
    )


def number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None


def day(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def cursor(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def listed(request: AgentRequest, wanted: archive.Wanted) -> dict[str, Any]:
    project, after = request.agent.project, cursor(request.GET.get("before", ""))
    rows, has_more = archive.page(request.agent, wanted, after)
    last = rows[-1].conversation.pk if rows else None
    query = home(project, wanted).partition("?")[2]
    return {
        "rows": [
            (row, f"{address(project, row.conversation)}{query and '?'}{query}") for row in rows
        ],
        "more": home(project, wanted, before=last) if has_more else "",
        "first": home(project, wanted) if after else "",
        "wanted": wanted,
        "is_narrowed": bool(query),
        "is_filtered": any(value for name, value in asked(wanted).items() if name != "q"),
        "person": person(project, wanted, rows),
        "choices": choices(request.agent, wanted),
    }


def person(project: Project, wanted: archive.Wanted, rows: list[archive.Past]) -> str:
    """Whose conversations these are, once one of them may be seen."""
    return rows[0].conversation.title if wanted.contact and rows else ""


def choices(agent: Agent, wanted: archive.Wanted) -> list[dict[str, Any]]:
    """Each field with its label, "all" and the rows one can choose, as far as this agent finds
    any."""
    project = agent.project
    is_own = project.archive_scope == Project.ArchiveScope.OWN
    campaigns = project.campaigns.all()
    if project.archive_scope == Project.ArchiveScope.CAMPAIGNS:
        campaigns = agent.campaigns.all()
    people = project.agents.filter(is_agent=True).select_related("user")
    kinds = Typification.objects.filter(project=project, children=None).select_related("parent")
    found = [
        ("agent", _("Agent"), _("All agents"), [] if is_own else list(people)),
        ("campaign", _("Campaign"), _("All campaigns"), list(campaigns)),
        ("inbox", _("Channel"), _("All channels"), list(project.inboxes.all())),
        ("typification", _("Typification"), _("All typifications"), list(kinds)),
    ]
    return [
        {"name": name, "label": label, "all": all_of_them, "rows": rows, "chosen": chosen}
        for name, label, all_of_them, rows in found
        if rows
        for chosen in [getattr(wanted, name)]
    ]
