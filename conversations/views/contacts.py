"""A contact is edited, merged with another, blocked: forms in the panel and in a dialog, pages of
their own without a script."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.models import Agent
from conversations import access, blocking, contacts, finding, merging
from conversations.models import Contact, Conversation
from conversations.portraits import blocked_by, fields_of, portrait
from conversations.views.doors import AgentRequest, conflict, console_door, wants_page

MOST_MATCHES = 8
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


@require_http_methods(["GET"])
@console_door
def search(request: AgentRequest, contact_id: int) -> HttpResponse:
    """Who else might be the same person."""
    contact = access.contact_for(request.agent, contact_id)
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:120]
    matches = others(request.agent, contact, words) if len(words) > 1 else []
    return form(request, contact, "merge", {"words": words, "matches": matches})


def others(agent: Agent, contact: Contact, words: str) -> list[Contact]:
    found = list(finding.found(words, {"project": agent.project_id}))
    rows = Contact.objects.filter(pk__in=found).exclude(pk=contact.pk)
    return list(rows.prefetch_related("identities").order_by("-pk")[:MOST_MATCHES])


@require_http_methods(["GET", "POST"])
@console_door
def merge(request: AgentRequest, contact_id: int, other_id: int) -> HttpResponse:
    """What will be, side by side; and the merge."""
    contact = access.contact_for(request.agent, contact_id)
    other = Contact.objects.filter(project=request.agent.project_id, pk=other_id).first()
    if other is None:
        raise Http404
    try:
        if request.method == "GET":
            merging.check(contact, other)
            return form(
                request, contact, "merging", {"other": other, **side_by_side(contact, other)}
            )
        merging.merge(agent=request.agent, keep=contact, other=other)
    except merging.NotMerged as problem:
        return conflict(request, why_not(problem, contact, other))
    message = _("%(other)s and %(name)s are one contact now.")
    names = {"other": name_of(other), "name": name_of(contact)}
    return done(request, contact, message % names)


def side_by_side(keep: Contact, other: Contact) -> dict[str, Any]:
    """Rows of label, kept, other, afterwards; and what moves."""
    known = merging.together(keep, other)
    labels = dict.fromkeys([*dict(fields_of(keep)), *dict(fields_of(other))])
    rows = [
        (_("Name"), keep.name, other.name, known["name"]),
        (_("Language"), keep.language, other.language, known["language"]),
        *(
            (
                label,
                keep.details.get(label, ""),
                other.details.get(label, ""),
                known["details"].get(label, ""),
            )
            for label in labels
        ),
    ]
    return {
        "rows": [row for row in rows if any(row[1:])],
        "ids": [keep.identities.order_by("pk"), other.identities.order_by("pk")],
        "counts": [keep.conversations.count(), other.conversations.count()],
    }


def why_not(problem: merging.NotMerged, keep: Contact, other: Contact) -> str:
    names = {"name": name_of(keep), "other": name_of(other), "channel": problem.channel}
    sentences = {
        "same": _("A contact cannot be merged with itself."),
        "gone": gone(),
        "blocked": _("One of them is blocked. Unblock them first."),
        "open": _(
            "Both have an open conversation in %(channel)s. End one of them first, then merge."
        ),
    }
    return sentences[problem.why] % names


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
