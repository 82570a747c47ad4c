"""The supervisors' pages of agents: who works here, where, how much and in what role."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agents.admin import OneProjectForm, SupervisedAdmin
from agents.models import Agent, User
from conversations import routing, staffing
from conversations.models import Assignment

RIGHTS = ["is_active", "is_supervisor"]
MAKES_WORK_POSSIBLE = {"campaigns", "capacity", "is_active", "is_agent"}
OTHERS_CHANGE_THIS = _("Only another supervisor can change this for you.")


class AgentForm(OneProjectForm):
    class Meta:
        widgets = {"campaigns": forms.CheckboxSelectMultiple}


class AgentAdmin(SupervisedAdmin):
    form = AgentForm
    list_display = ["name", "project", "team", "load", "status", "available_since", *RIGHTS]
    list_filter = ["project", "campaigns", "is_active", "is_available", "is_supervisor"]
    search_fields = ["user__username", "user__first_name", "user__last_name"]
    fields = [
        "user",
        "project",
        "campaigns",
        "language",
        "capacity",
        "is_active",
        "is_agent",
        "is_supervisor",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        held = Assignment.objects.filter(agent=OuterRef("pk"), ended_at=None).order_by()
        count = held.values("agent").annotate(n=Count("pk")).values("n")
        return (
            super()
            .get_queryset(request)
            .select_related("user", "project")
            .prefetch_related("campaigns")
            .annotate(held=Coalesce(Subquery(count), 0))
        )

    @admin.display(description=_("name"), ordering="user__first_name")
    def name(self, agent: Agent) -> str:
        return agent.name

    @admin.display(description=_("campaigns"))
    def team(self, agent: Agent) -> str:
        return ", ".join(campaign.name for campaign in agent.campaigns.all()) or "–"

    @admin.display(description=_("status"), ordering="is_available")
    def status(self, agent: Agent) -> str:
        """With the reason, in the supervisor's language."""
        if agent.is_available:
            return gettext("Available")
        return " · ".join(filter(None, [gettext("Not available"), agent.pause]))

    @admin.display(description=_("conversations"), ordering="held")
    def load(self, agent: Any) -> str:
        return f"{agent.held} / {agent.limit}"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["user"] if obj else []

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        user: Any = form.base_fields.get("user")
        if user:
            user.help_text = _("Somebody new? Add them under Users: they become an agent there.")
            user.label_from_instance = full_name
        if obj and obj.user_id == request.user.pk:
            lock(form, "is_active", "is_supervisor")
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        routing.lock(obj.project_id)  # before the agent's row, as everybody does
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The campaigns are saved by now: the queue follows."""
        super().save_related(request, form, formsets, change)
        agent = form.instance
        if change and not (agent.is_active and agent.is_agent):
            warn_of_held(request, agent.name, staffing.withdraw([agent]))
        elif change and MAKES_WORK_POSSIBLE & set(form.changed_data):
            staffing.refit(project_id=agent.project_id)


def full_name(user: User) -> str:
    return f"{user.get_full_name()} ({user.username})" if user.get_full_name() else user.username


def lock(form: type[forms.ModelForm], *names: str) -> None:
    """Whoever takes their own rights away could not give them back."""
    for name in names:
        if field := form.base_fields.get(name):
            field.disabled, field.help_text = True, OTHERS_CHANGE_THIS


def warn_of_held(request: HttpRequest, name: str, held: int) -> None:
    if held:
        sentence = ngettext(
            "%(name)s still holds %(n)s conversation.",
            "%(name)s still holds %(n)s conversations.",
            held,
        )
        messages.warning(request, sentence % {"name": name, "n": held})
