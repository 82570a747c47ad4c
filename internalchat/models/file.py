"""Whose file it is, and the post it went out with."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from internalchat.models.chat import Post
from media.models import Upload


class PostFile(models.Model):
    """Brought by an agent for a colleague; without a post it has not been sent. An upload goes out
    once, and never before it was found fit."""

    upload = models.OneToOneField(
        Upload, models.PROTECT, related_name="post_file", verbose_name=_("upload")
    )
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name=_("agent"))
    post = models.ForeignKey(
        Post,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        # Without an index of its own: that of the positions begins with it.
        db_index=False,
        verbose_name=_("post"),
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("file of a post")
        verbose_name_plural = _("files of posts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "position"],
                condition=Q(post__isnull=False),
                name="post_file_position_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.upload)

    @property
    def address(self) -> str:
        """Under which agents reach it and its parts."""
        return reverse("internal:upload", args=[self.upload.project.slug, self.upload_id])

    @property
    def conversation_id(self) -> Any:
        """Where it stands, by the name an attachment has for it; a chat may not be there yet."""
        return self.post.chat_id if self.post else ""

    @classmethod
    def give(cls, posts: Iterable[Post]) -> None:
        """Each post its files, asked for all at once."""
        by_post: dict[int | None, list[PostFile]] = {post.pk: [] for post in posts}
        found = cls.objects.filter(post__in=by_post).select_related("upload__project")
        for file in found.order_by("position") if by_post else []:
            by_post[file.post_id].append(file)
        for post in posts:
            post.files = by_post[post.pk]
