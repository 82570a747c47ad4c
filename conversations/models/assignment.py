"""A span of serving by one agent: one occupied slot. Loads are counted from these rows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Campaign, Project
from conversations.models.conversation import Conversation
from conversations.models.queue_entry import QueueEntry


class Assignment(models.Model):
    """`reason` keeps why this agent: their load, the other candidates, who was skipped and why."""

    class Outcome(models.TextChoices):
        ENDED = "ended", _("ended")
        RELEASED = "released", _("returned to the queue")
        TRANSFERRED = "transferred", _("transferred")
        MISSED = "missed", _("not opened in time")

    # Without an index of its own where one below begins with it.
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        related_name="assignments",
        db_index=False,
        verbose_name=_("project"),
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="assignments", verbose_name=_("campaign")
    )
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="assignments", verbose_name=_("conversation")
    )
    agent = models.ForeignKey(
        Agent,
        models.PROTECT,
        related_name="assignments",
        db_index=False,
        verbose_name=_("agent"),
    )
    queue_entry = models.OneToOneField(
        QueueEntry,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignment",
        verbose_name=_("queue entry"),
    )
    started_at = models.DateTimeField(_("started"))
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # Its agent went home and left it: it returns to the queue as soon as the customer writes.
    left_at = models.DateTimeField(_("left behind"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True)
    reason = models.JSONField(_("why"), default=dict)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(ended_at=None), name="assignment_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | Q(ended_at__isnull=False) & ~Q(outcome=""),
                name="assignment_ended_has_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agent"], condition=Q(ended_at=None), name="assignment_open_by_agent"
            ),
            models.Index(fields=["agent", "-started_at", "-id"], name="assignment_last_of_agent"),
            models.Index(fields=["project", "ended_at"], name="assignment_window"),
            # History: what an agent served to its end.
            models.Index(
                fields=["agent", "-ended_at"],
                condition=Q(outcome="ended"),
                name="assignment_served_to_the_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation} → {self.agent}"

    @property
    def is_new(self) -> bool:
        """Not opened yet: the green dot."""
        return self.opened_at is None

    @property
    def why(self) -> str:
        """ "Why me", in a sentence, from the recorded reason."""
        if giver := self.reason.get("transfer", {}).get("from"):
            return gettext("%(name)s passed it on to you.") % {"name": giver}
        load, others = self.reason.get("load", 0), self.reason.get("candidates", 1) - 1
        if others < 1:
            sentence = ngettext(
                "You had %(n)s open conversation and were the only one ready.",
                "You had %(n)s open conversations and were the only one ready.",
                load,
            )
        else:
            sentence = ngettext(
                "You had %(n)s open conversation, the fewest among %(ready)s ready agents.",
                "You had %(n)s open conversations, the fewest among %(ready)s ready agents.",
                load,
            )
        return sentence % {"n": load, "ready": others + 1} + self.tie

    @property
    def tie(self) -> str:
        """What decided when others had as few; else empty. Begins with a space."""
        if self.reason.get("load") not in self.reason.get("others", {}).values():
            return ""
        sentence = _("Others had as few: whoever has waited longest for a new one goes first.")
        return f" {sentence}"
