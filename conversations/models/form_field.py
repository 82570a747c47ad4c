"""What a channel asks before the chat begins: the fields of its form, in their order."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.models.inbox import Inbox


class FormField(models.Model):
    """One question. The answer is kept with the contact under the field's label
    (`Contact.details`); that of the kind *name* is their name as well."""

    class Kind(models.TextChoices):
        NAME = "name", _("name")
        EMAIL = "email", _("email")
        PHONE = "phone", _("phone")
        TEXT = "text", _("text")

    inbox = models.ForeignKey(
        Inbox, models.CASCADE, related_name="form_fields", verbose_name=_("channel")
    )
    label = models.CharField(_("question"), max_length=60, help_text=_("As the customer reads it."))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices, default=Kind.TEXT)
    is_required = models.BooleanField(_("must be answered"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("form field")
        verbose_name_plural = _("form before the chat")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inbox", "label"],
                name="form_field_label_once_an_inbox",
                violation_error_message=_("This question is there already."),
            )
        ]

    def __str__(self) -> str:
        return self.label
