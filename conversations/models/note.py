"""What staff write for staff, about a conversation or about a contact.

A table of its own, with verbs, pages and pushes of its own: nothing that speaks to a customer ever
reads it.
"""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Project
from conversations.models.contact import Contact
from conversations.models.conversation import Conversation

MAX_NOTE = 2000


class Note(models.Model):
    """On the contact where `conversation` is empty. `client_id` is the name its author's page gave
    it: sending twice stores once."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="notes", verbose_name=_("project")
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="notes", verbose_name=_("contact")
    )
    conversation = models.ForeignKey(
        Conversation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notes",
        verbose_name=_("conversation"),
    )
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="notes", verbose_name=_("by"))
    mentioned = models.ManyToManyField(
        Agent, blank=True, related_name="mentions", verbose_name=_("mentioned")
    )
    client_id = models.UUIDField(default=uuid.uuid4)
    text = models.CharField(_("text"), max_length=MAX_NOTE)
    created_at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "client_id"], name="note_once_an_author")
        ]

    def __str__(self) -> str:
        return self.text
