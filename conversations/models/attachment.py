"""Whose file it is, and the message it went out with."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from conversations.models.contact import Identity
from conversations.models.conversation import Conversation
from conversations.models.inbox import Inbox
from conversations.models.message import Message
from media.models import AttachedFile, Upload

MOST_FILES = 10  # of one message
MOST_SHARED = 24  # beside a thread


class Attachment(AttachedFile):
    """Brought by an agent, for one conversation, or by a customer, who may have none yet."""

    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="+", verbose_name=_("channel"))
    conversation = models.ForeignKey(
        Conversation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name=_("conversation"),
    )
    agent = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agent")
    )
    identity = models.ForeignKey(
        Identity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name=_("identity"),
    )
    message = models.ForeignKey(
        Message,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        # Without an index of its own: that of the positions begins with it.
        db_index=False,
        verbose_name=_("message"),
    )

    class Meta(AttachedFile.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.UniqueConstraint(
                fields=["message", "position"],
                condition=Q(message__isnull=False),
                name="attachment_position_once_a_message",
            ),
            models.CheckConstraint(
                condition=Q(agent__isnull=False, identity=None, conversation__isnull=False)
                | Q(agent=None, identity__isnull=False),
                name="attachment_brought_by_one",
            ),
            models.CheckConstraint(
                condition=Q(message=None) | Q(conversation__isnull=False),
                name="attachment_sent_in_a_conversation",
            ),
        ]

    @property
    def address(self) -> str:
        """Under which agents reach it and its parts."""
        return reverse("console:upload", args=[self.upload.project.slug, self.upload_id])

    @classmethod
    def shared_in(
        cls, history: models.QuerySet[Conversation], count: int = MOST_SHARED
    ) -> "list[Attachment]":
        """What went out or came in with messages of these conversations, newest first."""
        sent = cls.objects.filter(conversation__in=history, message__isnull=False)
        ready = sent.filter(upload__state=Upload.State.READY).select_related("upload__project")
        return list(ready.order_by("-message_id", "position")[:count])
