"""A file and its verdict."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from agents.models import Project
from media.checks import Allowed, formats
from media.models.blob import Blob
from media.models.rule import FileKind

MOST_NAME = 120


class Upload(models.Model):
    """From the moment its bytes are stored; nothing of it is shown before it is ready.

    `size` and `name` are those of what was sent, and once it is ready the size of what is
    delivered. `allowed` is the rule as it stood when the file came: what its box said. `original`
    is what was sent; where `shown` is set, that is delivered instead (re-encoded, converted).
    `small` is the thumbnail of an image, the poster of a video. `leased_until` says until when
    somebody is checking it, or when it is tried again.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("being checked")
        READY = "ready", _("ready")
        REFUSED = "refused", _("refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="uploads", verbose_name=_("project")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=FileKind.choices)
    name = models.CharField(_("name"), max_length=MOST_NAME)
    size = models.PositiveBigIntegerField(_("bytes"))
    allowed = models.JSONField()
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.CHECKING
    )
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    figures = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    format = models.CharField(_("format"), max_length=12, blank=True)
    type = models.CharField(_("type"), max_length=120, blank=True)
    converted = models.CharField(_("converted"), max_length=40, blank=True)
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)
    seconds = models.FloatField(_("seconds"), null=True, blank=True)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    original = models.ForeignKey(
        Blob, models.PROTECT, related_name="originals", verbose_name=_("original")
    )
    shown = models.ForeignKey(
        Blob,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("what is delivered"),
    )
    small = models.ForeignKey(
        Blob,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("thumbnail"),
    )
    small_type = models.CharField(max_length=40, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    leased_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    created_at = models.DateTimeField(_("at"), db_default=Now())
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="checking", decided_at=None, reason="")
                | Q(state="ready", decided_at__isnull=False, reason="", type__gt="")
                | Q(state="refused", decided_at__isnull=False, reason__gt=""),
                name="upload_decided_says_how",
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(state="checking"), name="upload_checking"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_checking(self) -> bool:
        return self.state == self.State.CHECKING

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_refused(self) -> bool:
        return self.state == self.State.REFUSED

    @property
    def rule(self) -> Allowed:
        return Allowed.from_json(self.allowed)

    @property
    def delivered(self) -> Blob:
        return self.shown or self.original

    @property
    def delivered_name(self) -> str:
        """Its ending says what it is: IMG_1.heic leaves as IMG_1.jpg."""
        return formats.fitting_name(self.name, self.format) if self.is_ready else self.name

    @property
    def icon(self) -> str:
        return FileKind(self.kind).icon

    @property
    def is_inline(self) -> bool:
        """Whether a page may show it; everything else leaves as attachment."""
        return self.is_ready and formats.FORMATS[self.format].is_inline
