"""The ground everything stands on: projects, campaigns, the people who answer, and whether
they are there."""

import datetime as dt

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from agents import reasons

DEFAULT_CAPACITY = 6  # manual A, 2.1: "by default … a maximum of 6 conversations"


class User(AbstractUser):
    """A person who can sign in. What they may do hangs on their Agent rows, one a project."""


class Project(models.Model):
    """One company's contact center; every row of data belongs to exactly one.

    Its row is also the lock of its routing (`conversations.routing.lock`).
    """

    class HistoryScope(models.TextChoices):
        PROJECT = "project", _("of all campaigns")
        CAMPAIGNS = "campaigns", _("of their own campaigns only")

    class ArchiveScope(models.TextChoices):
        OWN = "own", _("only their own")
        CAMPAIGNS = "campaigns", _("of their campaigns")
        PROJECT = "project", _("of the whole project")

    class InternalReading(models.TextChoices):
        CONTENT = "content", _("what was written")
        EVENTS = "events", _("only that they took place")

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    capacity = models.PositiveSmallIntegerField(
        _("conversations at once"),
        default=DEFAULT_CAPACITY,
        validators=[MaxValueValidator(100)],
        help_text=_("For every agent without a limit of their own. 0 = none."),
    )
    release_grace = models.DurationField(
        _("release after"),
        default=dt.timedelta(minutes=5),
        help_text=_("How long an agent may be gone before their waiting customers go back."),
    )
    history_scope = models.CharField(
        _("history an agent reads"),
        max_length=10,
        choices=HistoryScope,
        default=HistoryScope.PROJECT,
        help_text=_("Which earlier conversations of a contact stand above the present one."),
    )
    archive_scope = models.CharField(
        _("ended conversations an agent finds"),
        max_length=10,
        choices=ArchiveScope,
        default=ArchiveScope.CAMPAIGNS,
        help_text=_("In History. Their own are always among them."),
    )
    transfers_are_offers = models.BooleanField(
        _("transfers are offers"),
        default=False,
        help_text=_("Whoever gets one accepts or refuses it within a minute."),
    )
    open_within = models.DurationField(
        _("to be opened within"),
        default=dt.timedelta(0),
        help_text=_("Whoever was given a conversation and did not open it loses it. 0 = never."),
    )
    most_missed = models.PositiveSmallIntegerField(
        _("missed in a row"),
        default=0,
        help_text=_("So many not opened in time turn an agent to Not available. 0 = never."),
    )
    administrator_contact = models.CharField(
        _("administrator"), max_length=120, blank=True, help_text=_("Whom to ask for access.")
    )
    support_address = models.EmailField(
        _("support address"),
        blank=True,
        db_default="",
        help_text=_("Whom agents write to, for a missing typification or any question."),
    )
    internal_reading = models.CharField(
        _("of internal chats supervisors see"),
        max_length=8,
        choices=InternalReading,
        default=InternalReading.EVENTS,
        db_default=InternalReading.EVENTS,
        help_text=_("Agents are told so in every internal chat."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def offered_reasons(self) -> "models.QuerySet[PauseReason]":
        """What an agent may say when they stop, in the supervisor's order."""
        return self.pause_reasons.filter(is_active=True)


class Campaign(models.Model):
    """A line of work with its agents and its queue."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="campaigns", verbose_name=_("project")
    )
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("active"), default=True)
    leave_after = models.DurationField(
        _("counts as left after"),
        default=dt.timedelta(minutes=5),
        help_text=_("How long a waiting web visitor may be gone before their place is given up."),
    )
    ending_grace = models.DurationField(
        _("thanks after the end"),
        default=dt.timedelta(0),
        help_text=_("How long a word of thanks is added to the ended conversation. 0 = never."),
    )
    wrap_up = models.DurationField(
        _("wrap-up"),
        default=dt.timedelta(0),
        help_text=_("How long a slot stays taken after an end, or until Ready. 0 = not at all."),
    )
    silent_after = models.DurationField(
        _("warn a silent customer after"),
        default=dt.timedelta(0),
        help_text=_("Counted from the agent's last answer. 0 = never."),
    )
    silent_end_after = models.DurationField(
        _("end after the warning"),
        default=dt.timedelta(minutes=5),
        help_text=_("Then the conversation ends as inactive."),
    )

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="campaign_name_once_a_project")
        ]

    def __str__(self) -> str:
        return self.name


class PauseReason(models.Model):
    """What an agent may say when they stop accepting work. What was said is kept as text: it stays
    what it was when the reason is renamed or retired."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="pause_reasons", verbose_name=_("project")
    )
    name = models.CharField(_("name"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("pause reason")
        verbose_name_plural = _("pause reasons")
        ordering = ["order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"],
                name="pause_reason_once_a_project",
                violation_error_message=_("This name is there already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What the system says of its own accord cannot be chosen."""
        if self.name.lower() in reasons.WORDS:
            raise ValidationError({"name": _("The system says this by itself.")})


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


class AvailabilityChange(models.Model):
    """Who declared what, and when: the history behind occupancy and "for how long"."""

    agent = models.ForeignKey(
        Agent, models.PROTECT, related_name="availability_changes", verbose_name=_("agent")
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
        Agent, models.CASCADE, related_name="consoles", verbose_name=_("agent")
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
        Agent, models.CASCADE, primary_key=True, related_name="screen", verbose_name=_("agent")
    )
    revision = models.PositiveBigIntegerField(_("revision"), default=0)

    class Meta:
        verbose_name = _("screen")
        verbose_name_plural = _("screens")

    def __str__(self) -> str:
        return f"{self.agent}: {self.revision}"
