"""A span of waiting. `arrived_at` is the place in the line and survives a transfer or a release;
`entered_at` is when this span began."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Campaign, Project
from conversations.models.conversation import Conversation


class QueueEntry(models.Model):
    class Outcome(models.TextChoices):
        ASSIGNED = "assigned", _("assigned")
        ABANDONED = "abandoned", _("left while waiting")

    # Without an index of its own: one below begins with it.
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        related_name="queue_entries",
        db_index=False,
        verbose_name=_("project"),
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="queue_entries", verbose_name=_("campaign")
    )
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="queue_entries", verbose_name=_("conversation")
    )
    priority = models.SmallIntegerField(_("priority"), default=0)
    arrived_at = models.DateTimeField(_("arrived"))
    entered_at = models.DateTimeField(_("entered the queue"))
    ended_at = models.DateTimeField(_("left the queue"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    # The first wait of a conversation counts in the figures, a return does not (domain.md).
    is_first = models.BooleanField(_("first wait"), default=True)

    class Meta:
        verbose_name = _("queue entry")
        verbose_name_plural = _("queue entries")
        ordering = ["-priority", "arrived_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(ended_at=None), name="queue_entry_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | Q(ended_at__isnull=False) & ~Q(outcome=""),
                name="queue_entry_ended_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("entered_at")),
                name="queue_entry_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(
                "campaign",
                F("priority").desc(),
                "arrived_at",
                "id",
                condition=Q(ended_at=None),
                name="queue_entry_line",
            ),
            models.Index(fields=["project", "ended_at"], name="queue_entry_window"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation}, {self.arrived_at:%H:%M:%S}"

    @property
    def is_later_than(self) -> Q:
        """Whoever stands before it in the order of the line."""
        return (
            Q(priority__gt=self.priority)
            | Q(priority=self.priority, arrived_at__lt=self.arrived_at)
            | Q(priority=self.priority, arrived_at=self.arrived_at, pk__lt=self.pk)
        )

    @property
    def ahead(self) -> int:
        """How many stand before it in its campaign's line."""
        line = QueueEntry.objects.filter(campaign=self.campaign_id, ended_at=None)
        return line.filter(self.is_later_than).count()
