"""An answer at hand: what `/` in an empty box offers."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Campaign, Project
from conversations.models.message import MAX_TEXT


class QuickReply(models.Model):
    """Shared with the project (or one campaign of it) where `agent` is empty, else that agent's
    own. `text` may name {contact}, {agent}, {campaign}."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="quick_replies", verbose_name=_("project")
    )
    campaign = models.ForeignKey(
        Campaign,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="quick_replies",
        verbose_name=_("campaign"),
        help_text=_("Empty = for all campaigns."),
    )
    agent = models.ForeignKey(
        Agent,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="quick_replies",
        verbose_name=_("only for"),
        help_text=_("Empty = for everybody."),
    )
    shortcut = models.CharField(
        _("shortcut"),
        max_length=30,
        validators=[RegexValidator(r"^[\w-]+\Z", _("Letters, digits, - and _ only."))],
        help_text=_("What is typed after the /."),
    )
    text = models.CharField(_("text"), max_length=MAX_TEXT)

    class Meta:
        verbose_name = _("quick reply")
        verbose_name_plural = _("quick replies")
        ordering = ["shortcut"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "agent", "shortcut"],
                name="quick_reply_once",
                nulls_distinct=False,
                violation_error_message=_("This shortcut is there already."),
            )
        ]

    def __str__(self) -> str:
        return f"/{self.shortcut}"
