"""What the supervisors' long lists are narrowed by, none of it growing with what there is."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agents.admin import SupervisedAdmin
from conversations.finding import found
from conversations.models import Assignment, QueueEntry

NEWEST = 1000


class FoundByPeople(SupervisedAdmin):
    """Searched by whose it is: the name, or what a channel knows them by."""

    person = "contact"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        if search_term:
            people = found(search_term, self.mine(request))
            queryset = queryset.filter(**{f"{self.person}__in": people})
        return queryset, False


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("queued", _("waiting")), ("assigned", _("served")), ("ended", _("ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        here = OuterRef("pk")
        if self.value() == "queued":
            return queryset.filter(
                Exists(QueueEntry.objects.filter(conversation=here, ended_at=None))
            )
        if self.value() == "assigned":
            return queryset.filter(
                Exists(Assignment.objects.filter(conversation=here, ended_at=None))
            )
        return queryset.filter(ended_at__isnull=False) if self.value() else queryset


class LanguageFilter(admin.SimpleListFilter):
    """Offers what the newest contacts speak: Django's own reads them all to know."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        newest = model_admin.get_queryset(request).order_by("-pk")[:NEWEST]
        spoken = {*newest.values_list("language", flat=True), self.value()}
        return [(language, language) for language in sorted(filter(None, spoken))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(language=self.value()) if self.value() else queryset
