"""The supervisors' pages of what shapes the work: typifications and channels."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.admin import OneProjectForm, SupervisedAdmin
from conversations.models import FormField, Inbox, Typification

SERVED_NOW = [Inbox.Kind.WEBCHAT]  # the kinds that have a transport
# The list becomes part of a header: nothing but whole addresses may stand in it.
ORIGIN = RegexValidator(
    r"^(\*|https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?)\Z", _("An address like https://shop.example.")
)


class TypificationForm(OneProjectForm):
    def clean_parent(self) -> Typification | None:
        """Two levels: a group has no group, and what has children is one."""
        parent = self.cleaned_data["parent"]
        if parent and (parent.parent_id or parent.reserved or parent == self.instance):
            raise ValidationError(gettext("Choose a group of the first level."))
        if parent and self.instance.pk and self.instance.children.exists():
            raise ValidationError(gettext("This is a group itself: move what is in it first."))
        return parent


class TypificationAdmin(SupervisedAdmin):
    """What was used is retired, not deleted: old conversations keep its name."""

    form = TypificationForm
    list_display = ["__str__", "parent", "campaign", "is_active", "needs_comment", "order"]
    list_filter = ["project", "campaign", "is_active", "parent"]
    list_select_related = ["parent", "campaign"]
    search_fields = ["name"]
    fields = ["project", "parent", "name", "campaign", "order", "needs_comment", "is_active"]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet:
        offered = super().get_field_queryset(db, db_field, request)
        return offered.filter(parent=None, reserved="") if db_field.name == "parent" else offered

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.reserved)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or obj.reserved or not self.is_mine(request, obj):
            return False
        return not (obj.conversations.exists() or obj.children.exists())


class InboxForm(OneProjectForm):
    kind = forms.ChoiceField(
        label=capfirst(_("kind")), choices=[(kind.value, kind.label) for kind in SERVED_NOW]
    )
    origins = SimpleArrayField(
        forms.CharField(max_length=200, validators=[ORIGIN]),
        required=False,
        label=capfirst(_("allowed sites")),
        help_text=_(
            "Sites that may show the chat, separated by commas: https://shop.example, "
            "https://www.shop.example. * = any."
        ),
    )

    def clean_campaign(self) -> Any:
        campaign = self.cleaned_data["campaign"]
        if not campaign.is_active:
            raise ValidationError(gettext("This campaign is closed."))
        return campaign


class FormFieldInline(admin.StackedInline):
    """What is asked before the chat: whoever may change the channel may change it."""

    model = FormField
    fields = [("label", "kind"), ("position", "is_required")]
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class InboxAdmin(SupervisedAdmin):
    form = InboxForm
    inlines = [FormFieldInline]
    list_display = ["name", "kind", "key", "campaign", "project", "is_active"]
    list_filter = ["project", "campaign", "kind", "is_active"]
    list_select_related = ["campaign", "project"]
    search_fields = ["name", "key"]
    fields = [
        "project",
        "campaign",
        "kind",
        "key",
        "name",
        "is_active",
        "media_rules",
        "title",
        "accent",
        "origins",
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Customers' pages refer to it by its key."""
        return ["kind", "key"] if obj else []
