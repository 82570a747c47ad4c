"""Merging two contacts: who else it might be, what will be, side by side, and the merge."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.models import Agent
from conversations import access, finding, merging
from conversations.models import Contact
from conversations.portraits import fields_of
from conversations.views.contacts import done, form, gone, name_of
from conversations.views.doors import AgentRequest, conflict, console_door

MOST_MATCHES = 8


@require_http_methods(["GET"])
@console_door
def search(request: AgentRequest, contact_id: int) -> HttpResponse:
    """Who else might be the same person."""
    contact = access.contact_for(request.agent, contact_id)
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:120]
    matches = others(request.agent, contact, words) if len(words) > 1 else []
    return form(request, contact, "merge", {"words": words, "matches": matches})


def others(agent: Agent, contact: Contact, words: str) -> list[Contact]:
    found = finding.found(words, {"project": agent.project_id})
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
