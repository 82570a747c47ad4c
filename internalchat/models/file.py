"""Whose file it is, and the post it went out with."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from internalchat.models.chat import Post
from media.models import AttachedFile


class PostFile(AttachedFile):
    """Brought by an agent for a colleague; never sent before it was found fit."""

    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name=_("agent"))
    message = models.ForeignKey(
        Post,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        # Without an index of its own: that of the positions begins with it.
        db_index=False,
        verbose_name=_("post"),
    )

    class Meta(AttachedFile.Meta):
        verbose_name = _("file of a post")
        verbose_name_plural = _("files of posts")
        constraints = [
            models.UniqueConstraint(
                fields=["message", "position"],
                condition=Q(message__isnull=False),
                name="post_file_position_once",
            )
        ]

    @property
    def address(self) -> str:
        """Under which agents reach it and its parts."""
        return reverse("internal:upload", args=[self.upload.project.slug, self.upload_id])

    @property
    def conversation_id(self) -> Any:
        """Where it stands, by the name an attachment has for it; a chat may not be there yet."""
        return self.message.chat_id if self.message else ""
