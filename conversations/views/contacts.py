"""A contact is edited in the panel, blocked by a dialog; without a script each is a page."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations import access, blocking, contacts
from conversations.models import Contact, Conversation
from conversations.portraits import blocked_by, portrait
from conversations.views.doors import AgentRequest, conflict, console_door, wants_page

MOST_REASON = 200


@require_http_methods(["GET", "POST"])
@console_door
def edit(request: AgentRequest, contact_id: int) -> HttpResponse:
    contact = access.contact_for(request.agent, contact_id)
    if request.method == "GET":
        card = contacts.card_of(contact)
        return edit_form(request, contact, card, opened=card)
    card, opened = sent(request, contact), sent(request, contact, "was:")
    try:
        contact = contacts.edit(agent=request.agent, contact=contact, opened=opened, card=card)
    except ValidationError as problem:
        return edit_form(request, contact, card, opened, errors=problem.message_dict)
    except contacts.Overtaken as news:
        return edit_form(request, contact, card, {**opened, **news.card}, overtaken=news)
    except contacts.Gone:
        return conflict(request, gone())
    if wants_page(request):
        return back(request, contact)
    shown = beside(request, contact)
    response = render(request, "conversations/_person.html", {"portrait": portrait(shown)})
    response.headers["HX-Retarget"] = f"#person-{shown.pk}"
    response.headers["HX-Reswap"] = "outerHTML"
    response.headers["HX-Trigger-After-Swap"] = json.dumps(
        {"contact-done": {"message": _("Contact saved."), "url": ""}}
    )
    return response


def sent(request: AgentRequest, contact: Contact, prefix: str = "") -> contacts.Card:
    """What the form says of each field there is; a field that it does not hold says nothing."""
    return {
        key: one_line(request.POST[prefix + key])
        for key in contacts.card_of(contact)
        if prefix + key in request.POST
    }


def one_line(text: str) -> str:
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())


def edit_form(
    request: AgentRequest,
    contact: Contact,
    card: contacts.Card,
    opened: contacts.Card,
    *,
    errors: dict[str, list[str]] | None = None,
    overtaken: contacts.Overtaken | None = None,
) -> HttpResponse:
    labels = {"name": _("Name"), "language": _("Language")}
    fields = [
        {
            "key": key,
            "label": labels.get(key, key.removeprefix(contacts.FIELD)),
            "value": card.get(key, opened.get(key, "")),
            "opened": opened.get(key, ""),
            "errors": (errors or {}).get(key, []),
            "is_overtaken": bool(overtaken and key in overtaken.fields),
        }
        for key in contacts.card_of(contact)
    ]
    context = {"fields": fields, "by": overtaken.by if overtaken else "", "overtaken": overtaken}
    return form(request, contact, "edit", context, 422 if errors or overtaken else 200)


@require_http_methods(["GET", "POST"])
@console_door
def block(request: AgentRequest, contact_id: int) -> HttpResponse:
    """Blocked ones are let in again by the same door."""
    contact = access.contact_for(request.agent, contact_id)
    if request.method == "GET":
        return form(request, contact, "block", {"block": blocked_by(contact)})
    try:
        if request.POST.get("state") == "unblocked":
            blocking.unblock(agent=request.agent, contact=contact)
            message = _("%(name)s may write again.")
        else:
            reason = one_line(request.POST.get("reason", ""))[:MOST_REASON]
            blocking.block(agent=request.agent, contact=contact, reason=reason)
            message = _("%(name)s is blocked.")
    except blocking.AlreadyDone:
        return conflict(request, gone())
    return done(request, contact, message % {"name": name_of(contact)})


def gone() -> str:
    return _("Somebody else was first: this contact has changed. Open it again.")


def name_of(contact: Contact) -> str:
    newest = contact.conversations.select_related("identity", "contact").first()
    return newest.title if newest else str(contact)


def beside(request: AgentRequest, contact: Contact) -> Conversation:
    """The conversation whose panel asks: the one it names, else the newest."""
    theirs = contact.conversations.select_related("contact", "identity", "inbox", "campaign")
    try:
        named = theirs.filter(pk=request.POST.get("conversation", "")).first()
    except ValidationError:
        named = None
    found = named or theirs.first()
    if found is None:
        raise Http404
    return found


def form(
    request: AgentRequest, contact: Contact, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """`_contact_<name>.html`; a page around it for who has no script."""
    whole = {
        "project": request.agent.project,
        "contact": contact,
        "title": name_of(contact),
        "part": f"conversations/_contact_{name}.html",
        "conversation_id": request.POST.get("conversation", request.GET.get("conversation", "")),
        **context,
    }
    page = "conversations/contact.html" if wants_page(request) else whole["part"]
    return render(request, page, whole, status=status)


def done(request: AgentRequest, contact: Contact, message: str) -> HttpResponse:
    if wants_page(request):
        return back(request, contact)
    trigger = json.dumps({"contact-done": {"message": message, "url": ""}})
    return HttpResponse(status=204, headers={"HX-Trigger": trigger})


def back(request: AgentRequest, contact: Contact) -> HttpResponse:
    """To their open conversation, if the agent has it; else to the list."""
    mine = {"assignments__agent": request.agent, "assignments__ended_at": None}
    held = contact.conversations.filter(**mine).select_related("project").first()
    return redirect(held or "console:home", *([] if held else [request.agent.project.slug]))
