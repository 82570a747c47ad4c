"""What every file of a message is, whichever chat it stands in."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from media.models.upload import Upload


class AttachedFile(models.Model):
    """An upload in the hands of whoever brought it, and the message it went out with.

    Each kind names its own `message`; without one it has not been sent. An upload goes out once.
    """

    message: Any  # a foreign key, `attachments` from the other side
    message_id: Any

    upload = models.OneToOneField(
        Upload, models.PROTECT, related_name="%(class)s", verbose_name=_("upload")
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.upload)

    @classmethod
    def give(cls, messages: Collection[Any]) -> None:
        """Each message its files, asked for all at once."""
        if not messages:
            return
        by_message: dict[int, list[AttachedFile]] = {message.pk: [] for message in messages}
        theirs = cls._default_manager.filter(**{"message__in": by_message})
        for file in theirs.select_related("upload__project").order_by("position"):
            by_message[file.message_id].append(file)
        for message in messages:
            message.files = by_message[message.pk]
