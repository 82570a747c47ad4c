"""A company's contact center, its lines of work, and what its agents may say when they stop."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents import reasons

DEFAULT_CAPACITY = 6  # manual A, 2.1: "by default … a maximum of 6 conversations"


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
