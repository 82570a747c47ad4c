"""What the customer can see, nothing else: staff notes are a table of their own."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from conversations.models.conversation import Conversation
from conversations.models.inbox import Inbox

if TYPE_CHECKING:
    from conversations.models.attachment import Attachment

MAX_TEXT = 4096


class Message(models.Model):
    """One line of a conversation, numbered without gaps.

    `client_id` is the name its sender gave it (sending twice stores once) and its id on screen;
    `provider_id` the name its channel gave it, unique in the inbox.
    """

    class Author(models.TextChoices):
        CONTACT = "contact", _("customer")
        AGENT = "agent", _("agent")
        BOT = "bot", _("bot")
        SYSTEM = "system", _("system")

    class Event(models.TextChoices):
        CUSTOMER_LEFT = "customer_left", _("The customer left")
        RETURNED = "returned", _("Back in the queue: the agent had to leave")
        TRANSFERRED = "transferred", _("Passed on to a colleague")
        MISSED = "missed", _("Back in the queue")
        SILENT = "silent", _("Are you still there? Without an answer this chat ends soon")

    # Without an index of its own: that of its numbers begins with it.
    conversation = models.ForeignKey(
        Conversation,
        models.CASCADE,
        related_name="messages",
        db_index=False,
        verbose_name=_("conversation"),
    )
    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="+", verbose_name=_("channel"))
    seq = models.PositiveIntegerField()
    client_id = models.UUIDField(default=uuid.uuid4)
    provider_id = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001 NULL = none
    author = models.CharField(_("from"), max_length=8, choices=Author.choices)
    agent = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agent")
    )
    text = models.CharField(_("text"), max_length=MAX_TEXT, blank=True)
    event = models.CharField(max_length=20, choices=Event.choices, blank=True)
    created_at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="message_seq_once"),
            models.UniqueConstraint(
                fields=["inbox", "provider_id"],
                condition=Q(provider_id__isnull=False),
                name="message_provider_id_once_an_inbox",
            ),
            models.UniqueConstraint(
                fields=["conversation", "author", "agent", "client_id"],
                name="message_client_id_once_a_sender",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.text or self.system_text

    @cached_property
    def files(self) -> "list[Attachment]":
        """In their order. Whoever lists messages fetches those of all at once
        (`transcript.with_files`)."""
        return list(self.attachments.select_related("upload__project").order_by("position"))

    @property
    def is_system(self) -> bool:
        return self.author == self.Author.SYSTEM

    @property
    def system_text(self) -> str:
        """The line in the reader's language: system lines are stored as what happened."""
        return str(self.Event(self.event).label) if self.event else ""
