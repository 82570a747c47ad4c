"""The supervisors' pages of customers' work: history is shown, what shapes work is changed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.admin import ReadOnlyAdmin, SupervisedAdmin
from agents.models import Agent
from conversations import contacts, metrics, transcript, waiting
from conversations.finding import found
from conversations.models import Assignment, Contact, Conversation, QueueEntry

MOST_MESSAGES = 500  # of one conversation on its page


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


class ConversationAdmin(FoundByPeople, ReadOnlyAdmin):
    list_display = [
        "title",
        "inbox",
        "campaign",
        "state",
        "holder",
        "started_at",
        "ended_at",
        "typification",
    ]
    list_filter = [StateFilter, "project", "campaign", "inbox", "started_at", "typification"]
    search_fields = ["contact__name", "=identity__value"]  # how: get_search_results
    fields = [
        "contact",
        "identity",
        "inbox",
        "campaign",
        "started_at",
        "ended_at",
        "ended_by",
        "typification",
        "comment",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        serving = Assignment.objects.filter(ended_at=None).select_related("agent__user")
        return (
            super()
            .get_queryset(request)
            .select_related("contact", "identity", "inbox", "campaign", "typification")
            .prefetch_related(Prefetch("assignments", serving, to_attr="serving_now"))
        )

    @admin.display(description=_("customer"), ordering="contact__name")
    def title(self, conversation: Conversation) -> str:
        return conversation.title

    @admin.display(description=_("state"))
    def state(self, conversation: Any) -> str:
        if conversation.ended_at:
            return gettext("ended")
        return gettext("served") if conversation.serving_now else gettext("waiting")

    @admin.display(description=_("agent"))
    def holder(self, conversation: Any) -> str:
        return ", ".join(span.agent.name for span in conversation.serving_now) or "–"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With what was said and who had it, below the facts."""
        found = self.get_object(request, object_id)
        context = {**story(found), **(extra_context or {})} if found else extra_context
        return super().change_view(request, object_id, form_url, context)


def story(conversation: Conversation) -> dict[str, Any]:
    messages = conversation.messages.select_related("agent__user").order_by("-seq")
    served = conversation.assignments.select_related("agent__user").order_by("started_at")
    waits = conversation.queue_entries.order_by("entered_at").select_related("campaign__project")
    return {
        "transcript": transcript.with_files(list(messages[:MOST_MESSAGES])[::-1]),
        "is_cut": conversation.last_seq > MOST_MESSAGES,
        "waits": [(span, "" if span.ended_at else waiting.why_it_waits(span)) for span in waits],
        "served": [(span, waiting.why_this_agent(span)) for span in served],
    }


class QueueEntryAdmin(ReadOnlyAdmin):
    list_display = ["conversation", "campaign", "arrived_at", "waited", "outcome", "priority"]
    list_filter = ["outcome", "project", "campaign", "arrived_at"]
    ordering = ["-arrived_at", "-id"]
    fields = [
        "conversation",
        "campaign",
        "arrived_at",
        "entered_at",
        "ended_at",
        "outcome",
        "priority",
        "is_first",
        "waited",
        "why",
    ]
    readonly_fields = ["waited", "why"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[QueueEntry]:
        return (
            super()
            .get_queryset(request)
            .select_related("campaign", "conversation__contact", "conversation__identity")
        )

    @admin.display(description=_("waited"))
    def waited(self, entry: QueueEntry) -> str:
        return metrics.clock(waiting.seconds_of(entry))

    @admin.display(description=_("why it waits"))
    def why(self, entry: QueueEntry) -> str:
        return "–" if entry.ended_at else waiting.why_it_waits(entry)


class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ["conversation", "agent", "campaign", "started_at", "ended_at", "outcome", "why"]
    list_filter = ["outcome", "project", "campaign", "started_at", "agent"]
    fields = [
        "conversation",
        "agent",
        "campaign",
        "started_at",
        "opened_at",
        "ended_at",
        "outcome",
        "why",
    ]
    readonly_fields = ["why"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        return (
            super()
            .get_queryset(request)
            .select_related(
                "agent__user", "campaign", "conversation__contact", "conversation__identity"
            )
        )

    @admin.display(description=_("why"))
    def why(self, assignment: Assignment) -> str:
        return waiting.why_this_agent(assignment)


class ContactForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        contacts.check({key: data[key] for key in ("name", "language") if key in data})
        return data


class ContactAdmin(FoundByPeople):
    person = "pk"
    may_add = False
    form = ContactForm
    list_display = ["__str__", "language", "created_at"]
    list_filter = ["project", "language", "created_at"]
    search_fields = ["name", "=identities__value"]  # how: get_search_results
    fields = [
        "project",
        "name",
        "language",
        "created_at",
        "known_as",
        "answers",
        "blocked_at",
        "merged_into",
    ]
    readonly_fields = ["created_at", "known_as", "answers", "blocked_at", "merged_into"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """As an agent's edit: noted, and on the screens of whoever serves them. A superuser who is
        nobody in the project leaves no such line."""
        editor = Agent.objects.filter(user=request.user.pk, project=obj.project_id).first()
        if editor is None:
            super().save_model(request, obj, form, change)
            return
        opened = contacts.card_of(Contact.objects.get(pk=obj.pk))
        card = {**opened, "name": obj.name, "language": obj.language}
        contacts.edit(agent=editor, contact=obj, opened=opened, card=card)

    @admin.display(description=_("known as"))
    def known_as(self, contact: Contact) -> str:
        """How the channels know them; what proves it is never shown."""
        return ", ".join(
            f"{identity.get_kind_display()} {identity.value}"
            for identity in contact.identities.order_by("pk")
        )

    @admin.display(description=_("answers before the chat"))
    def answers(self, contact: Contact) -> str:
        """One a line, as the form asked."""
        return "\n".join(f"{label}: {text}" for label, text in contact.details.items() if text)


class DeliveryAdmin(ReadOnlyAdmin):
    project_path = "message__conversation__project"
    list_display = ["message", "state", "attempts", "due_at", "error"]
    list_filter = ["state", "due_at"]
    list_select_related = ["message"]
    fields = ["message", "state", "attempts", "due_at", "lease_until", "error"]
