"""Whether an agent is there: what they declared, their open consoles, and what was sent there."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from agents import reasons


class AvailabilityChange(models.Model):
    """Who declared what, and when: the history behind occupancy and "for how long"."""

    agent = models.ForeignKey(
        "agents.Agent", models.PROTECT, related_name="availability_changes", verbose_name=_("agent")
    )
    is_available = models.BooleanField(_("available"))
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("availability change")
        verbose_name_plural = _("availability changes")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["agent", "at"])]

    def __str__(self) -> str:
        return f"{self.agent}: {_('Available') if self.is_available else _('Not available')}"

    @property
    def why(self) -> str:
        """The reason in the reader's words."""
        return reasons.in_words(self.reason)


class ConsoleSession(models.Model):
    """An open console's lease: one row a socket, kept alive by the web process that holds it."""

    agent = models.ForeignKey(
        "agents.Agent", models.CASCADE, related_name="consoles", verbose_name=_("agent")
    )
    session_key = models.CharField(max_length=40, db_index=True)
    opened_at = models.DateTimeField(_("opened"), db_default=Now())
    lease_until = models.DateTimeField(_("lease until"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    online_until = models.DateTimeField(_("counts as online until"))

    class Meta:
        verbose_name = _("console session")
        verbose_name_plural = _("console sessions")
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["agent", "online_until"]),
            models.Index(
                fields=["agent"], condition=Q(closed_at=None), name="console_open_by_agent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent}, {self.opened_at:%Y-%m-%d %H:%M}"


class Screen(models.Model):
    """An agent's push counter: raised in the transaction of a change, sent with its push.

    A row of its own, so that telling a screen never waits for anybody who locks the agent.
    """

    agent = models.OneToOneField(
        "agents.Agent",
        models.CASCADE,
        primary_key=True,
        related_name="screen",
        verbose_name=_("agent"),
    )
    revision = models.PositiveBigIntegerField(_("revision"), default=0)

    class Meta:
        verbose_name = _("screen")
        verbose_name_plural = _("screens")

    def __str__(self) -> str:
        return f"{self.agent}: {self.revision}"
