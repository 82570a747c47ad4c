"""The outbox: a message on its way to a provider. PostgreSQL holds the work, Celery rings.

Web chat has none: its customer fetches by `seq`, there is nothing to retry.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conversations.models.message import Message


class Delivery(models.Model):
    class State(models.TextChoices):
        PENDING = "pending", _("sending")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        READ = "read", _("read")
        FAILED = "failed", _("not sent")

    message = models.OneToOneField(
        Message, models.CASCADE, related_name="delivery", verbose_name=_("message")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"))
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="delivery_due")
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.get_state_display()}"
