"""The supervisors' page of internal chats: that they took place; what was written only where the
project says so, as its agents are told."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from agents.admin import ReadOnlyAdmin
from internalchat.models import DirectChat, PostFile
from media.admin import UploadAdmin

MOST_POSTS = 500  # of one chat on its page


class DirectChatAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "started_at", "last_seq", "ended_at", "ended_by", "typification"]
    list_filter = ["project", "started_at", "typification"]
    list_select_related = ["first__user", "second__user", "ended_by__user", "typification"]
    ordering = ["-started_at", "-id"]
    search_fields = [
        f"{side}__user__{name}"
        for side in ("first", "second")
        for name in ("first_name", "last_name", "username")
    ]
    fields = [
        "first",
        "second",
        "started_at",
        "last_seq",
        "ended_at",
        "ended_by",
        "typification",
        "comment",
        "reading",
    ]
    readonly_fields = ["reading"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A comment is written words, too."""
        names = super().get_fields(request, obj)
        return [name for name in names if name != "comment" or (obj and obj.is_read_by_supervisors)]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With what was written, below the facts, where it may be read."""
        found: Any = self.get_object(request, object_id)
        context = {**story(found), **(extra_context or {})} if found else extra_context
        return super().change_view(request, object_id, form_url, context)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("project")


def story(chat: DirectChat) -> dict[str, Any]:
    if not chat.is_read_by_supervisors:
        return {"is_read": False}
    posts = list(chat.posts.select_related("agent__user").order_by("-seq")[:MOST_POSTS])[::-1]
    PostFile.give(posts)
    return {
        "is_read": True,
        "transcript": posts,
        "is_cut": chat.last_seq > MOST_POSTS,
    }


class CustomersUploadAdmin(UploadAdmin):
    """Without what agents sent each other: a name of a file is written words, too."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(postfile=None)
