"""The supervisors' pages of what stands beside the conversations: notes, quick replies, contact
fields, and who did what to a contact, an offer or a wrap-up."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agents.admin import ReadOnlyAdmin, SupervisedAdmin
from conversations.models import ContactChange


class QuickReplyAdmin(SupervisedAdmin):
    list_display = ["__str__", "text", "campaign", "agent"]
    list_filter = ["project", "campaign", "agent"]
    list_select_related = ["campaign", "agent__user"]
    search_fields = ["shortcut", "text"]
    fields = ["project", "shortcut", "text", "campaign", "agent"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and self.is_mine(request, obj)


class ContactFieldAdmin(SupervisedAdmin):
    """What was filled in is kept with the contact, also when its field is not shown any more."""

    list_display = ["label", "project", "is_active", "order"]
    list_filter = ["project", "is_active"]
    list_select_related = ["project"]
    fields = ["project", "label", "order", "is_active"]


class NoteAdmin(ReadOnlyAdmin):
    list_display = ["text", "contact", "conversation", "agent", "created_at"]
    list_filter = ["project", "created_at", "agent"]
    list_select_related = [
        "contact",
        "conversation__contact",
        "conversation__identity",
        "agent__user",
    ]
    search_fields = ["text"]
    fields = ["contact", "conversation", "agent", "text", "created_at"]


class ContactChangeAdmin(ReadOnlyAdmin):
    project_path = "contact__project"
    list_display = ["contact", "kind", "agent", "at"]
    list_filter = ["kind", "at", "agent"]
    list_select_related = ["contact", "agent__user"]
    fields = ["contact", "kind", "agent", "at", "was", "became"]
    readonly_fields = ["was", "became"]

    @admin.display(description=_("before"))
    def was(self, change: ContactChange) -> str:
        return as_lines(change.before)

    @admin.display(description=_("after"))
    def became(self, change: ContactChange) -> str:
        return as_lines(change.after)


def as_lines(values: dict[str, Any]) -> str:
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
    }
    return "\n".join(f"{name}: {text}" for name, text in texts.items())


class SpanAdmin(ReadOnlyAdmin):
    """Of an agent's slots."""

    list_filter = ["project", "started_at", "agent"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("agent__user")


class OfferAdmin(SpanAdmin):
    list_display = ["conversation", "sender", "agent", "started_at", "ended_at", "outcome"]
    list_select_related = ["sender__user", "conversation__contact", "conversation__identity"]
    fields = ["conversation", "sender", "agent", "note", "started_at", "ended_at", "outcome"]


class WrapUpAdmin(SpanAdmin):
    list_display = ["agent", "assignment", "started_at", "due_at", "ended_at"]
    list_select_related = [
        "assignment__conversation__contact",
        "assignment__conversation__identity",
        "assignment__agent__user",
    ]
    fields = ["agent", "assignment", "started_at", "due_at", "ended_at"]
