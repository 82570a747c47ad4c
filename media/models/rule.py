"""What a channel takes, per kind of file. The dialog, the check and the customer's page read it."""

from dataclasses import replace

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Project
from media.checks import Allowed, formats
from media.starting import MOST_BYTES


class FileKind(models.TextChoices):
    """What the clip offers, in this order."""

    IMAGE = "image", _("Image")
    VIDEO = "video", _("Video")
    DOCUMENT = "document", _("Document")
    AUDIO = "audio", _("Audio")

    @property
    def icon(self) -> str:
        return {"image": "i-image", "video": "i-video", "audio": "i-mic"}.get(self, "i-doc")


class MediaRuleSet(models.Model):
    """A channel points to one; several channels may share it."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="media_rule_sets", verbose_name=_("project")
    )
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("file rules")
        verbose_name_plural = _("file rules")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"],
                name="media_rule_set_once_a_project",
                violation_error_message=_("This name is there already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class MediaRule(models.Model):
    """One kind's. Without `is_allowed` it is what it would be if it were."""

    rule_set = models.ForeignKey(
        MediaRuleSet, models.CASCADE, related_name="rules", verbose_name=_("file rules")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=FileKind.choices)
    is_allowed = models.BooleanField(_("taken"), default=True)
    formats = ArrayField(models.CharField(max_length=12), verbose_name=_("formats"))
    most_bytes = models.PositiveIntegerField(
        _("bytes at most"), validators=[MinValueValidator(1024), MaxValueValidator(MOST_BYTES)]
    )
    most_seconds = models.PositiveIntegerField(_("seconds at most"), null=True, blank=True)
    is_mono = models.BooleanField(
        _("OGG with one channel only"),
        default=False,
        help_text=_("WhatsApp plays voice notes in mono only."),
    )

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "kind"], name="media_rule_once_a_kind")
        ]

    def __str__(self) -> str:
        return str(FileKind(self.kind).label)

    @property
    def allowed(self) -> Allowed:
        return Allowed(
            kind=self.kind,
            formats=frozenset(self.formats),
            most_bytes=self.most_bytes,
            most_seconds=self.most_seconds,
            is_mono=self.is_mono,
        )

    @property
    def for_voice(self) -> Allowed:
        """For what a browser recorded: WebM is converted to OGG, which plays everywhere, wherever
        that is taken."""
        same = {"weba"} if "ogg" in self.formats else set()
        return replace(self.allowed, formats=frozenset(self.formats) - same)

    @property
    def icon(self) -> str:
        return FileKind(self.kind).icon

    @property
    def accepted(self) -> list[str]:
        """For a file picker: types, by which a phone knows to offer its camera, and endings."""
        known = formats.accepted(self.allowed.formats)
        return [*sorted({formats.FORMATS[key].type for key in known}), *self.endings]

    @property
    def endings(self) -> list[str]:
        """Of the names of files that may be chosen, also of those we convert."""
        accepted = formats.accepted(self.allowed.formats)
        return sorted(f".{end}" for key in accepted for end in formats.FORMATS[key].extensions)
