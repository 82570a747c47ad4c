"""The supervisors' pages of projects and campaigns: what they save, the queue follows."""

import datetime as dt
import zoneinfo
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agents.admin import SupervisedAdmin
from agents.models import Agent, Campaign
from conversations import routing, staffing
from conversations.models import QueueEntry

A_DAY = 24 * 60


class Minutes(forms.IntegerField):
    """A span of time that people type and read as minutes."""

    unit = 60  # seconds
    most = A_DAY

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=self.most, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dt.timedelta):
            return round(value.total_seconds() / self.unit)
        return value

    def clean(self, value: Any) -> dt.timedelta | None:
        typed = super().clean(value)
        return None if typed is None else dt.timedelta(seconds=typed * self.unit)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class Seconds(Minutes):
    """The same, of shorter spans."""

    unit = 1
    most = 3600


def time_zones(now: str = "") -> list[tuple[str, str]]:
    """The world's, by their names; `now` too, should the system not know it any more."""
    names = {name for name in zoneinfo.available_timezones() if "/" in name and name[0].isupper()}
    names = {name for name in names if not name.startswith("Etc/")}
    return [(name, name.replace("_", " ")) for name in sorted(names | {"UTC", now} - {""})]


class ProjectForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=capfirst(_("time zone")), help_text=_("When a day begins, for the figures.")
    )
    release_grace = Minutes(
        label=capfirst(_("release after (minutes)")),
        help_text=_("How long an agent may be gone before they count as not available. 0 = never."),
    )
    open_within = Minutes(
        label=capfirst(_("to be opened within (minutes)")),
        help_text=_(
            "An agent who was given a conversation and has not opened it by then loses it to the "
            "front of the queue; it counts as missed. 0 = never."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone: Any = self.fields.get("time_zone")  # not there for who only looks
        if zone:
            zone.choices = time_zones(self.instance.time_zone)


class ProjectAdmin(SupervisedAdmin):
    """A new one begins with `manage.py create_project`, which makes all it needs."""

    project_path = "pk"
    may_add = False
    form = ProjectForm
    list_display = ["name", "slug", "time_zone", "capacity", "administrator_contact"]
    search_fields = ["name", "slug"]
    fields = [
        "name",
        "slug",
        "time_zone",
        "capacity",
        "release_grace",
        "open_within",
        "most_missed",
        "transfers_are_offers",
        "history_scope",
        "archive_scope",
        "internal_reading",
        "administrator_contact",
        "support_address",
    ]
    readonly_fields = ["slug"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "capacity" in form.changed_data:
            staffing.refit(project_id=obj.pk)


class CampaignForm(forms.ModelForm):
    leave_after = Minutes(
        label=capfirst(_("counts as left after (minutes)")),
        help_text=_(
            "A web visitor who waits and whose page has been closed for so long has left: "
            "the conversation ends as abandoned. 0 = never. On other channels nobody leaves."
        ),
    )
    ending_grace = Minutes(
        label=capfirst(_("thanks after the end (minutes)")),
        help_text=_(
            "For so long after an agent has ended a conversation, a text without a question mark "
            "is added to it and nobody is disturbed. 0 = it is a new conversation."
        ),
    )

    wrap_up = Seconds(
        label=capfirst(_("wrap-up (seconds)")),
        help_text=_(
            "After an end the slot stays taken for so long, or until the agent presses Ready. "
            "0 = it is free at once."
        ),
    )
    silent_after = Minutes(
        label=capfirst(_("warn a silent customer after (minutes)")),
        help_text=_(
            "Counted from the agent's last answer; never while the customer waits for one. "
            "0 = never."
        ),
    )
    silent_end_after = Minutes(
        label=capfirst(_("end after the warning (minutes)")),
        help_text=_("Then the conversation ends as inactive."),
    )

    def clean_is_active(self) -> bool:
        """Nobody may write into a campaign that is closed."""
        is_active = self.cleaned_data["is_active"]
        if not is_active and self.instance.pk and self.instance.inboxes.filter(is_active=True):
            raise forms.ValidationError(_("A channel leads here. Give it another campaign first."))
        return is_active


class CampaignAdmin(SupervisedAdmin):
    form = CampaignForm
    list_display = ["name", "project", "is_active", "people"]
    list_filter = ["project", "is_active"]
    list_select_related = ["project"]
    search_fields = ["name"]
    fields = [
        "project",
        "name",
        "is_active",
        "leave_after",
        "ending_grace",
        "wrap_up",
        "silent_after",
        "silent_end_after",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        active = Agent.objects.filter(campaigns=OuterRef("pk"), is_active=True).order_by()
        count = active.values("campaigns").annotate(n=Count("pk")).values("n")
        return super().get_queryset(request).annotate(people_count=Coalesce(Subquery(count), 0))

    @admin.display(description=_("agents"), ordering="people_count")
    def people(self, campaign: Any) -> int:
        return campaign.people_count

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        routing.lock(obj.project_id)
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            staffing.refit(project_id=obj.project_id)
        if not obj.is_active:
            tell_of_waiting(request, obj)


def tell_of_waiting(request: HttpRequest, campaign: Campaign) -> None:
    """Nobody new enters a closed campaign; who is in its line is served to the last."""
    if waiting := QueueEntry.objects.filter(campaign=campaign, ended_at=None).count():
        sentence = ngettext(
            "%(n)s person still waits here, and is served as before.",
            "%(n)s people still wait here, and are served as before.",
            waiting,
        )
        messages.warning(request, sentence % {"n": waiting})
