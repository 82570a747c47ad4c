"""The people: who can sign in, and what they may do in a project."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from agents import reasons
from agents.models.presence import ConsoleSession
from agents.models.project import Campaign, Project


class User(AbstractUser):
    """A person who can sign in. What they may do hangs on their Agent rows, one a project."""


class AgentQuerySet(models.QuerySet["Agent"]):
    """Who is there. All three questions ask the database's clock, the one clock all share."""

    def connected(self) -> "AgentQuerySet":
        """With a console open now (a dead process's consoles count until their lease ends)."""
        return self.filter(
            Exists(
                ConsoleSession.objects.filter(
                    agent=OuterRef("pk"), closed_at=None, lease_until__gt=Now()
                )
            )
        )

    def online(self) -> "AgentQuerySet":
        """Connected, or a moment ago: a reload is no flicker."""
        return self.filter(
            Exists(ConsoleSession.objects.filter(agent=OuterRef("pk"), online_until__gt=Now()))
        )

    def accepting(self) -> "AgentQuerySet":
        """May be handed work as far as presence goes; the free slot is routing's question."""
        return self.connected().filter(is_active=True, is_agent=True, is_available=True)


class Agent(models.Model):
    """A user in a project: what they may do there, how much, and whether they want work."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("as the device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    user = models.ForeignKey(User, models.PROTECT, related_name="agents", verbose_name=_("user"))
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="agents", verbose_name=_("project")
    )
    campaigns = models.ManyToManyField(
        Campaign, blank=True, related_name="agents", verbose_name=_("campaigns")
    )
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=[("en", _("English")), ("es", _("Spanish"))],
        default="en",
    )
    capacity = models.PositiveSmallIntegerField(
        _("conversations at once"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("Empty = the project's limit. 0 = none."),
    )
    theme = models.CharField(
        _("theme"), max_length=5, choices=Theme.choices, blank=True, default="", db_default=""
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_agent = models.BooleanField(_("answers customers"), default=True)
    is_supervisor = models.BooleanField(_("supervises"), default=False)
    is_available = models.BooleanField(_("available"), default=False)
    availability_reason = models.CharField(_("reason"), max_length=40, blank=True)
    available_since = models.DateTimeField(_("since"), null=True, blank=True)

    objects = AgentQuerySet.as_manager()

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        ordering = ["user__first_name", "user__username"]
        constraints = [
            models.UniqueConstraint(fields=["user", "project"], name="agent_once_a_project"),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=0),
                name="agent_capacity_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.user.get_full_name() or self.user.username

    @property
    def short_name(self) -> str:
        """What a customer sees: the first name."""
        return self.user.first_name or self.user.username

    @property
    def pause(self) -> str:
        """Why they are not available, in the reader's words; empty where nothing is said."""
        return "" if self.is_available else reasons.in_words(self.availability_reason)

    @property
    def has_missed(self) -> bool:
        """Turned to Not available because they opened too little in time."""
        return not self.is_available and self.availability_reason == reasons.MISSED

    @property
    def limit(self) -> int:
        """Conversations at once: the agent's own limit, else the project's."""
        return self.project.capacity if self.capacity is None else self.capacity
