"""What a project keeps about its contacts beyond a name, and what was done to them by whom."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Project
from conversations.models.contact import Contact


class ContactField(models.Model):
    """A field of one's own, beside those a form asks; the value is kept with the contact under
    its label (`Contact.details`)."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="contact_fields", verbose_name=_("project")
    )
    label = models.CharField(_("label"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("contact field")
        verbose_name_plural = _("contact fields")
        ordering = ["order", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "label"],
                name="contact_field_once_a_project",
                violation_error_message=_("This name is there already."),
            )
        ]

    def __str__(self) -> str:
        return self.label


class ContactChange(models.Model):
    """The audit line: who did what to a contact, and what it said before.

    `before` and `after` hold the changed values by their names; of a merge, whose rows moved.
    """

    class Kind(models.TextChoices):
        EDITED = "edited", _("edited")
        MERGED = "merged", _("merged")
        BLOCKED = "blocked", _("blocked")
        UNBLOCKED = "unblocked", _("unblocked")

    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="changes", verbose_name=_("contact")
    )
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name=_("by"))
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("contact change")
        verbose_name_plural = _("contact changes")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.contact}: {self.get_kind_display()}"
