"""What every page of the supervisors' site is built on, and the pages about presence.

Nobody sees, searches, filters by, chooses or changes a row of a project they do not supervise;
no Django permission or group is asked. `contactcenter/admin.py` lists the pages.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.paginator import Paginator
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agents import access

# Never shown, never searched by: a filter that says "starts with" would spell them out.
SECRETS = {"password", "secret", "session_key"}


class CappedPaginator(Paginator):
    """Counts no further than anybody turns pages: a million rows are not counted for a list."""

    MOST = 10_000
    object_list: Any

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[: self.MOST].count()


class SupervisedFilter(admin.RelatedFieldListFilter):
    """Offers what the supervisor may see; Django's own would list every project's."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[Any]:
        page = model_admin.admin_site.get_model_admin(field.remote_field.model)
        return [(row.pk, str(row)) for row in page.get_queryset(request)]


class OneProjectForm(forms.ModelForm):
    """Whatever is chosen belongs to the row's own project, for those who supervise several."""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        project_id = values["project"].pk if values.get("project") else None
        for name, value in list(values.items()):
            chosen = value if isinstance(value, QuerySet) else [value]
            if any(getattr(row, "project_id", project_id) != project_id for row in chosen):
                self.add_error(name, _("This belongs to another project."))
        return values


class SupervisedAdmin(admin.ModelAdmin):
    """A page whose rows hang on a project by `project_path`.

    A row of another project and a row that does not exist look the same. What was created in a
    project stays there. Nothing can be deleted unless a page says so.
    """

    project_path = "project"
    may_add = may_change = True
    form: type[forms.ModelForm] = OneProjectForm
    paginator = CappedPaginator
    view_on_site = False
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(**self.mine(request))

    def mine(self, request: HttpRequest) -> dict[str, Any]:
        """As ids, so that the planner may use the index that begins with the project."""
        return {f"{self.project_path}__in": list(projects(request).values_list("pk", flat=True))}

    def is_mine(self, request: HttpRequest, row: Model | None) -> bool:
        return row is None or self.get_queryset(request).filter(pk=row.pk).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.is_mine(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_change and self.is_mine(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        return not SECRETS & set(lookup.split("__")) and super().lookup_allowed(
            lookup, value, request
        )

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [
            (name, SupervisedFilter)
            if isinstance(name, str) and self.opts.get_field(name).is_relation
            else name
            for name in super().get_list_filter(request)
        ]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet:
        """What a field offers, and accepts, is what the related page lists."""
        page = self.admin_site.get_model_admin(db_field.remote_field.model)
        return page.get_queryset(request)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """On a change the choices are the row's project's; no buttons that open other forms."""
        form = super().get_form(request, obj, change, **kwargs)
        several = projects(request).count() > 1
        fields: dict[str, Any] = form.base_fields
        for name, field in fields.items():
            if isinstance(field.widget, RelatedFieldWidgetWrapper):
                field.widget = field.widget.widget
            if name == "project":
                field.disabled = bool(obj)
            elif offers_rows_of_a_project(field):
                narrow(field, getattr(obj, "project", None), several)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        mine = list(projects(request)[:2])
        first = {"project": mine[0].pk} if len(mine) == 1 else {}
        return {**first, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Only what was changed, or a form opened a minute ago would undo what happened since."""
        columns = {field.name for field in obj._meta.concrete_fields}
        if not change:
            obj.save()
        elif changed := [name for name in form.changed_data if name in columns]:
            obj.save(update_fields=changed)


class ReadOnlyAdmin(SupervisedAdmin):
    """History and bookkeeping: to look at, never to change."""

    may_add = may_change = False


def projects(request: HttpRequest) -> QuerySet:
    return access.supervised(request.user)


def offers_rows_of_a_project(field: Any) -> bool:
    rows = getattr(field, "queryset", None)
    return rows is not None and any(
        isinstance(column, Field) and column.name == "project"
        for column in rows.model._meta.get_fields()
    )


def narrow(field: Any, project: Any, several: bool) -> None:
    if project:
        field.queryset = field.queryset.filter(project=project)
    elif several:
        field.queryset = field.queryset.select_related("project")
        field.label_from_instance = with_project


def with_project(row: Any) -> str:
    return f"{row.project}: {row}"


class AvailabilityChangeAdmin(ReadOnlyAdmin):
    project_path = "agent__project"
    list_display = ["agent", "is_available", "why", "at"]
    list_filter = ["is_available", "at", "agent"]
    list_select_related = ["agent__user"]
    fields = ["agent", "is_available", "reason", "at"]


class ConsoleSessionAdmin(ReadOnlyAdmin):
    project_path = "agent__project"
    list_display = ["agent", "opened_at", "closed_at", "lease_until"]
    list_filter = ["opened_at", "agent"]
    list_select_related = ["agent__user"]
    fields = ["agent", "opened_at", "lease_until", "closed_at", "online_until"]


class ScreenAdmin(ReadOnlyAdmin):
    project_path = "agent__project"
    list_display = ["agent", "revision"]
    list_select_related = ["agent__user"]
    fields = ["agent", "revision"]


class PauseReasonAdmin(SupervisedAdmin):
    """What was said is kept as text: a retired reason stays in the history."""

    list_display = ["name", "project", "is_active", "order"]
    list_filter = ["project", "is_active"]
    list_select_related = ["project"]
    fields = ["project", "name", "order", "is_active"]
