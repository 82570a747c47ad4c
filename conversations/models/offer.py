"""A transfer that waits for a yes. While it is open it holds a slot of whom it was made to, and
the conversation stays with whoever makes it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Project
from conversations.models.conversation import Conversation


class Offer(models.Model):
    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        EXPIRED = "expired", _("not answered")
        WITHDRAWN = "withdrawn", _("withdrawn")

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="offers", verbose_name=_("project")
    )
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="offers", verbose_name=_("conversation")
    )
    agent = models.ForeignKey(
        Agent, models.PROTECT, related_name="offers", db_index=False, verbose_name=_("to")
    )
    sender = models.ForeignKey(
        Agent, models.PROTECT, related_name="offers_made", verbose_name=_("from")
    )
    note = models.CharField(_("note"), max_length=2000, blank=True)
    started_at = models.DateTimeField(_("offered"))
    expires_at = models.DateTimeField(_("open until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(ended_at=None), name="offer_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | Q(ended_at__isnull=False) & ~Q(outcome=""),
                name="offer_ended_has_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["agent"], condition=Q(ended_at=None), name="offer_open_by_agent"),
            models.Index(fields=["agent", "-started_at"], name="offer_by_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation} → {self.agent}"
