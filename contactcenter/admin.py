"""The supervisors' site: Django's admin, open to whoever supervises a project.

All of it stands in the table below. The pages limit themselves to the projects the person
supervises (`agents/admin.py`); what has no page here cannot be reached.
"""

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin as django_admin
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy as _

from agents import access
from agents import admin as people
from agents.models import (
    Agent,
    AvailabilityChange,
    Campaign,
    ConsoleSession,
    PauseReason,
    Project,
    Screen,
    User,
)
from contactcenter import project_pages, staff_pages, user_pages
from conversations import admin as work
from conversations import record_pages as records
from conversations import setup_pages, staffing
from conversations.models import (
    Assignment,
    Contact,
    ContactChange,
    ContactField,
    Conversation,
    Delivery,
    Inbox,
    Note,
    Offer,
    QueueEntry,
    QuickReply,
    Typification,
    WrapUp,
)
from conversations.views.leaving import sign_out
from internalchat.admin import CustomersUploadAdmin, DirectChatAdmin
from internalchat.models import DirectChat
from media import admin as files
from media.models import MediaRuleSet, Upload

Pages = dict[type, type[django_admin.ModelAdmin]]

SECTIONS: list[tuple[Any, Pages]] = [
    (
        _("Conversations"),
        {
            Conversation: work.ConversationAdmin,
            QueueEntry: work.QueueEntryAdmin,
            Assignment: work.AssignmentAdmin,
            Typification: setup_pages.TypificationAdmin,
            QuickReply: records.QuickReplyAdmin,
            Contact: work.ContactAdmin,
            ContactField: records.ContactFieldAdmin,
            ContactChange: records.ContactChangeAdmin,
            Note: records.NoteAdmin,
            Offer: records.OfferAdmin,
            WrapUp: records.WrapUpAdmin,
            DirectChat: DirectChatAdmin,
        },
    ),
    (
        _("Agents"),
        {
            Agent: staff_pages.AgentAdmin,
            Campaign: project_pages.CampaignAdmin,
            PauseReason: people.PauseReasonAdmin,
            AvailabilityChange: people.AvailabilityChangeAdmin,
            ConsoleSession: people.ConsoleSessionAdmin,
            Screen: people.ScreenAdmin,
        },
    ),
    (
        _("Channels"),
        {
            Inbox: setup_pages.InboxAdmin,
            MediaRuleSet: files.MediaRuleSetAdmin,
            Upload: CustomersUploadAdmin,
            Delivery: work.DeliveryAdmin,
        },
    ),
    (_("Access"), {Project: project_pages.ProjectAdmin, User: user_pages.UserAdmin}),
]


class SupervisorSite(AdminSite):
    site_title = site_header = _("Contact Center administration")
    index_title = _("Supervision")
    enable_nav_sidebar = False  # ours stands in templates/admin/_nav.html, without its script

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        for _title, pages in SECTIONS:
            for model, page in pages.items():
                super().register(model, page)
        self.disable_action("delete_selected")

    def register(self, *args: Any, **kwargs: Any) -> None:
        """The table is complete; Django's own apps would add theirs, such as groups."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Superusers, and whoever supervises at least one project."""
        user = request.user
        return user.is_active and (user.is_superuser or people.projects(request).exists())

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Signed out: to the one sign-in. Signed in without the right: who can grant it (403)."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                return no_access(request)
            return guarded(request, *args, **kwargs)

        return door

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The product has one sign-in, which keeps the wish for a page and slows guessing."""
        wish = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect_to_login(wish, settings.LOGIN_URL)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Ends presence and consoles too."""
        return sign_out(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        user: Any = request.user  # signed in, or `admin_view` had turned them away
        before = user.password
        response = super().password_change(request, extra_context)
        if user.password != before:
            staffing.end_sessions(user=user, but=request.session.session_key or "")
        return response

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without "view on site": it would redirect to any object of any project by its id."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """By what a supervisor does, not by the program's parts."""
        if app_label:
            return super().get_app_list(request, app_label)
        known = {
            model["model"]: model
            for app in super().get_app_list(request)
            for model in app["models"]
        }
        return [
            {"name": title, "models": [known[model] for model in pages if model in known]}
            for title, pages in SECTIONS
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        mine = Agent.objects.filter(user=request.user.pk, is_active=True, is_agent=True)
        return {**super().each_context(request), "has_console": mine.exists()}


def no_access(request: HttpRequest) -> HttpResponse:
    """Names whom to ask, as far as the person's own projects name anybody."""
    context = {"projects": access.whom_to_ask(request.user)}
    return render(request, "admin/no_access.html", context, status=403)
