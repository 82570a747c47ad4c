"""A span of finishing after an end (a campaign's option): the slot stays taken until its time is
over or the agent says Ready."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Project
from conversations.models.assignment import Assignment


class WrapUp(models.Model):
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="wrap_ups", verbose_name=_("project")
    )
    agent = models.ForeignKey(
        Agent, models.PROTECT, related_name="wrap_ups", db_index=False, verbose_name=_("agent")
    )
    assignment = models.OneToOneField(
        Assignment, models.CASCADE, related_name="wrap_up", verbose_name=_("assignment")
    )
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("wrap-up")
        verbose_name_plural = _("wrap-ups")
        ordering = ["-started_at"]
        indexes = [
            models.Index(
                fields=["agent"], condition=Q(ended_at=None), name="wrap_up_open_by_agent"
            ),
            models.Index(fields=["agent", "-started_at"], name="wrap_up_by_agent"),
        ]

    def __str__(self) -> str:
        return str(self.assignment)
