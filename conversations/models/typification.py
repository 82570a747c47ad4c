"""The code chosen at the end of a conversation: a tree, for one campaign or for all.

Endings without an agent take a reserved one, which no dialog offers.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models import Campaign, Project


class Typification(models.Model):
    class Reserved(models.TextChoices):
        ABANDONED = "abandoned", _("Left while waiting")
        INACTIVE = "inactive", _("Customer went silent")
        BOT = "bot", _("Finished by the bot")
        BLOCKED = "blocked", _("Blocked")

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="typifications", verbose_name=_("project")
    )
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="typifications",
        verbose_name=_("campaign"),
        help_text=_("Empty = for all campaigns."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("group"),
    )
    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)
    needs_comment = models.BooleanField(_("asks for a comment"), default=False)
    reserved = models.CharField(
        _("reserved for"), max_length=10, choices=Reserved.choices, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("typification")
        verbose_name_plural = _("typifications")
        ordering = ["order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "parent", "name"],
                name="typification_name_once",
                nulls_distinct=False,
                violation_error_message=_("This name is there already."),
            ),
            models.UniqueConstraint(
                fields=["project", "reserved"],
                condition=~Q(reserved=""),
                name="typification_reserved_once",
            ),
        ]

    def __str__(self) -> str:
        return self.get_reserved_display() if self.reserved else self.name
