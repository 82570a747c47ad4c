"""The supervisors' pages of files: what channels take, and what came."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from agents.admin import ReadOnlyAdmin, SupervisedAdmin
from media import refusals
from media.checks import box, formats
from media.models import FileKind, MediaRule, Upload
from media.starting import INTERNAL, MEGABYTE, MOST_BYTES

NEVER = {"heic", "mov"}  # not everybody could see them: they are converted


class Megabytes(forms.DecimalField):
    """A number of bytes that people type and read in megabytes."""

    def __init__(self, **kwargs: Any) -> None:
        most = MOST_BYTES // MEGABYTE
        super().__init__(min_value=0.1, max_value=most, decimal_places=1, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return round(value / MEGABYTE, 1) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return None if typed is None else int(typed * MEGABYTE)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class RuleForm(forms.ModelForm):
    most_bytes = Megabytes(label=capfirst(_("megabytes at most")))
    formats = forms.MultipleChoiceField(
        label=capfirst(_("formats")), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = MediaRule
        fields = ["is_allowed", "formats", "most_bytes", "most_seconds", "is_mono"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields.get("formats")  # not there for who only looks
        if field:
            field.choices = offered(self.instance.kind)


def offered(kind: str) -> list[tuple[str, str]]:
    """The formats a channel may take as they are; what is only converted is not among them."""
    return [
        (key, f"{box.format_in_words(key)} (.{known.extensions[0]})")
        for key, known in formats.FORMATS.items()
        if known.kind == kind and key not in NEVER
    ]


class RuleInline(admin.StackedInline):
    """One of each kind: none is added, none removed."""

    model = MediaRule
    form = RuleForm
    fields = [("is_allowed", "most_bytes", "most_seconds"), "formats", "is_mono"]
    extra = 0
    max_num = len(FileKind)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_add_permission


class MediaRuleSetAdmin(SupervisedAdmin):
    """Channels point to one of these; a project begins with three."""

    may_add = False
    inlines = [RuleInline]
    list_display = ["name", "project"]
    list_filter = ["project"]
    list_select_related = ["project"]
    fields = ["project", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Internal chat has no channel to point at its rules: it finds them by their name."""
        fixed = ["name"] if obj and obj.name == INTERNAL else []
        return [*super().get_readonly_fields(request, obj), *fixed]


class UploadAdmin(ReadOnlyAdmin):
    """The bytes are not here: who may see a file sees it where it was sent."""

    list_display = ["name", "kind", "size", "state", "why", "created_at"]
    list_filter = ["project", "kind", "state", "reason", "created_at"]
    search_fields = ["name"]
    fields = [
        *["name", "kind", "size", "type", "state", "why", "converted", "width", "height"],
        *["seconds", "pages", "tries", "created_at", "decided_at"],
    ]
    readonly_fields = ["why"]

    @admin.display(description=_("reason"))
    def why(self, upload: Upload) -> str:
        return refusals.sentence(upload.reason, upload.figures) or "–"
