"""One case from its first message to its ending.

It has no status column: which span is open (QueueEntry: waiting, Assignment: served) is its
state, and `ended_at` closes it. See docs/decisions/0003-spans.md.
"""

import uuid

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Campaign, Project
from conversations.models.contact import Contact, Identity
from conversations.models.inbox import Inbox
from conversations.models.typification import Typification


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def with_state(self) -> "ConversationQuerySet":
        """With the two open spans joined, so that `state` asks nothing more."""
        return self.annotate(
            serving=FilteredRelation("assignments", condition=Q(assignments__ended_at=None)),
            waiting=FilteredRelation("queue_entries", condition=Q(queue_entries__ended_at=None)),
            holder_id=F("serving__agent"),
            entry_id=F("waiting__pk"),
        )


class Conversation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Without an index of its own: one below begins with it.
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        related_name="conversations",
        db_index=False,
        verbose_name=_("project"),
    )
    inbox = models.ForeignKey(
        Inbox, models.PROTECT, related_name="conversations", verbose_name=_("channel")
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="conversations", verbose_name=_("campaign")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, related_name="conversations", verbose_name=_("contact")
    )
    identity = models.ForeignKey(
        Identity, models.PROTECT, related_name="conversations", verbose_name=_("identity")
    )
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    typification = models.ForeignKey(
        Typification,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name=_("typification"),
    )
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    # The number of its last message: the next one takes last_seq + 1 under this row's lock.
    last_seq = models.PositiveIntegerField(default=0)
    agent_read_seq = models.PositiveIntegerField(default=0)
    contact_read_seq = models.PositiveIntegerField(default=0)

    # Set by `with_state`.
    holder_id: int | None
    entry_id: int | None

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "inbox"],
                condition=Q(ended_at=None),
                name="conversation_open_once_a_contact_and_inbox",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(typification__isnull=False),
                name="conversation_ended_has_typification",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-started_at"]),
            # History: of the project, and of each of an agent's campaigns.
            models.Index(
                fields=["project", "-ended_at", "-id"],
                condition=Q(ended_at__isnull=False),
                name="conversation_ended",
            ),
            models.Index(
                fields=["campaign", "-ended_at", "-id"],
                condition=Q(ended_at__isnull=False),
                name="conversation_ended_of_campaign",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("console:conversation", args=[self.project.slug, self.pk])

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def state(self) -> str:
        """ended, assigned, queued, or new: which span is open (needs `with_state`)."""
        if self.ended_at:
            return "ended"
        if self.holder_id:
            return "assigned"
        return "queued" if self.entry_id else "new"

    @property
    def ended_without(self) -> str | None:
        """What ended it without an agent (a reserved typification's kind); None otherwise."""
        return self.typification.reserved or None if self.typification else None

    @property
    def title(self) -> str:
        """The contact's newest name, else "Visitor 8F3K"."""
        return title_of(self.contact.name, self.identity.value)

    @property
    def channel(self) -> str:
        return self.inbox.get_kind_display()

    @property
    def channel_icon(self) -> str:
        return self.inbox.icon

    @property
    def url(self) -> str:
        return self.get_absolute_url()


def title_of(name: str, identity: str) -> str:
    """A person's name, else "Visitor 8F3K" after the start of a visitor id, else the id alone."""
    if name or not identity.startswith("web-"):
        return name or identity
    return gettext("Visitor %(code)s") % {"code": identity.removeprefix("web-")[:4]}
