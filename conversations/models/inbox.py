"""An inbox is one configured entrance: this number, that widget. On screen: "channel"."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agents.models import Campaign, Project
from media.models import FileKind, MediaRule, MediaRuleSet


def no_origins() -> list[str]:
    return []


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

    media_rules = models.ForeignKey(
        MediaRuleSet,
        models.PROTECT,
        related_name="inboxes",
        verbose_name=_("file rules"),
        help_text=_("Which files may be sent, both ways."),
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

    @cached_property
    def rules(self) -> dict[str, MediaRule]:
        """As they stood when they were first asked for."""
        return self.rules_now()

    def rules_now(self) -> dict[str, MediaRule]:
        """By the kinds of files that are taken: by its rules, and by what its transport carries."""
        carried = TAKES.get(self.kind, frozenset())
        rules = MediaRule.objects.filter(rule_set=self.media_rules_id, is_allowed=True)
        return {rule.kind: rule for rule in rules if rule.kind in carried}

    @property
    def takes(self) -> frozenset[str]:
        return frozenset(self.rules)


# Kind of channel → the kinds of files it carries; text goes everywhere.
TAKES: dict[str, frozenset[FileKind]] = {Inbox.Kind.WEBCHAT: frozenset(FileKind)}


def icon_of(kind: str) -> str:
    """The icon beside the channel's name; never without the name."""
    return {"webchat": "i-globe", "whatsapp": "i-wa"}.get(kind, "i-chat")
