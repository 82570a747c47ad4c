"""An inbox is one configured entrance: this number, that widget. On screen: "channel"."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Campaign, Project


def no_origins() -> list[str]:
    return []


class FileKind(models.TextChoices):
    """What the clip offers, in this order."""

    IMAGE = "image", _("Image")
    VIDEO = "video", _("Video")
    DOCUMENT = "document", _("Document")
    AUDIO = "audio", _("Audio")

    @property
    def icon(self) -> str:
        return {"image": "i-image", "video": "i-video", "audio": "i-mic"}.get(self, "i-doc")


class Inbox(models.Model):
    class Kind(models.TextChoices):
        WEBCHAT = "webchat", _("Web")
        WHATSAPP = "whatsapp", "WhatsApp"
        TELEGRAM = "telegram", "Telegram"
        API = "api", "API"

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="inboxes", verbose_name=_("project")
    )
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        related_name="inboxes",
        verbose_name=_("campaign"),
        help_text=_("Whose queue its conversations enter."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.WEBCHAT)
    key = models.SlugField(_("key"), unique=True, help_text=_("Its name in addresses."))
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("active"), default=True)
    title = models.CharField(_("title for the customer"), max_length=80, blank=True)
    accent = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("A colour like #2c4bc9."))],
    )
    origins = ArrayField(
        models.CharField(max_length=200),
        default=no_origins,
        blank=True,
        verbose_name=_("allowed sites"),
        help_text=_("Sites that may show the chat, as https://shop.example. * = any."),
    )

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def public_title(self) -> str:
        """What the customer reads at the top of the chat."""
        return self.title or self.project.name

    @property
    def icon(self) -> str:
        return icon_of(self.kind)

    @property
    def file_kinds(self) -> list[FileKind]:
        return list(FileKind)

    @property
    def takes(self) -> frozenset[FileKind]:
        """The kinds of files its transport carries to the customer."""
        return TAKES.get(self.kind, frozenset())


# Kind of channel → the kinds of files it carries; text goes everywhere.
TAKES: dict[str, frozenset[FileKind]] = {}


def icon_of(kind: str) -> str:
    """The icon beside the channel's name; never without the name."""
    return {"webchat": "i-globe", "whatsapp": "i-wa"}.get(kind, "i-chat")
