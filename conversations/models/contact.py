"""The person outside. One person may have many identities; a phone is only one of them."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from agents.models import Project


class Contact(models.Model):
    """`details`: label → text, what they answered in the form before a chat and what agents
    filled in (`ContactField`)."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="contacts", verbose_name=_("project")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)
    # Found to be the same person: everything of theirs is with that one now.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-id"]
        indexes = [
            # What a supervisor types is any part of a name (`icontains`).
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="contact_name_trigrams")
        ]

    def __str__(self) -> str:
        return self.name or _("Contact %(number)s") % {"number": self.pk}


class Identity(models.Model):
    """How a channel knows the person: a phone number, a user id, a visitor id.

    A visitor's `secret` is the SHA-256 of the token only their browser holds. While they
    wait: `seen_at` is when their page was last known to be open, `missed_at` when the clock first
    missed it (`conversations.leaving`).
    """

    class Kind(models.TextChoices):
        VISITOR = "visitor", _("visitor")
        PHONE = "phone", _("phone")
        USER = "user", _("user id")

    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="identities", verbose_name=_("contact")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="+", verbose_name=_("project")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    value = models.CharField(_("value"), max_length=120)
    secret = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField(_("page last open"), null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "value"], name="identity_once_a_project"
            ),
            models.UniqueConstraint(
                fields=["secret"], condition=~models.Q(secret=""), name="identity_secret_once"
            ),
        ]
        indexes = [models.Index(Upper("value"), name="identity_value_any_case")]

    def __str__(self) -> str:
        return self.value
