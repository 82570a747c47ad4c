"""Chat between two agents: the chat, and its posts. It takes no slot and no place in a queue."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Project
from conversations.models import Conversation, Typification
from conversations.models.message import MAX_TEXT


class DirectChatQuerySet(models.QuerySet["DirectChat"]):
    def of(self, agent_id: int) -> "DirectChatQuerySet":
        return self.filter(Q(first=agent_id) | Q(second=agent_id))

    def unread_by(self, agent_id: int) -> "DirectChatQuerySet":
        """Those in which somebody wrote after what this agent has seen."""
        return self.filter(
            Q(first=agent_id, last_seq__gt=F("first_read"))
            | Q(second=agent_id, last_seq__gt=F("second_read"))
        )

    def with_unread(self, agent_id: int) -> "DirectChatQuerySet":
        """With `unread`: how many of the colleague's posts this agent has not seen."""
        seen = Case(When(first=agent_id, then=F("first_read")), default=F("second_read"))
        posts = Post.objects.filter(chat=OuterRef("pk"), seq__gt=OuterRef("seen")).order_by()
        theirs = posts.exclude(agent=agent_id).values("chat").annotate(n=Count("pk")).values("n")
        return self.annotate(seen=seen, unread=Coalesce(Subquery(theirs), Value(0)))


class DirectChat(models.Model):
    """Between two agents of one project, from the first post until one of them closes it.

    Nothing is stored before the first post: a chat that could be is named after the one before it
    (`between`), so both who press at once mean the same one. `first` has the lower number.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="direct_chats", verbose_name=_("project")
    )
    first = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name=_("agent"))
    second = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name=_("and"))
    started_at = models.DateTimeField(_("started"), db_default=Now())
    ended_at = models.DateTimeField(_("closed"), null=True, blank=True)
    ended_by = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    typification = models.ForeignKey(
        Typification,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="direct_chats",
        verbose_name=_("typification"),
    )
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    # What its two were told when it began: a later change of the project opens no older chat.
    reading = models.CharField(
        _("supervisors see"), max_length=8, choices=Project.InternalReading, editable=False
    )
    # The number of its newest post: the next one takes last_seq + 1 under this row's lock.
    last_seq = models.PositiveIntegerField(_("posts"), default=0)
    first_read = models.PositiveIntegerField(default=0)
    second_read = models.PositiveIntegerField(default=0)

    unread: int  # set by `with_unread`

    objects = DirectChatQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal chat")
        verbose_name_plural = _("internal chats")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(ended_at=None),
                name="direct_chat_open_once_a_pair",
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="direct_chat_of_two_in_order"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, typification=None, ended_by=None)
                | Q(ended_at__isnull=False, typification__isnull=False, ended_by__isnull=False),
                name="direct_chat_closed_has_typification",
            ),
            models.CheckConstraint(
                condition=Q(first_read__lte=F("last_seq"), second_read__lte=F("last_seq")),
                name="direct_chat_read_what_is_there",
            ),
        ]
        indexes = [
            models.Index(fields=["first", "-ended_at", "-id"], name="direct_chat_ended_first"),
            models.Index(fields=["second", "-ended_at", "-id"], name="direct_chat_ended_second"),
            models.Index(
                fields=["first"],
                condition=Q(last_seq__gt=F("first_read")),
                name="direct_chat_unread_first",
            ),
            models.Index(
                fields=["second"],
                condition=Q(last_seq__gt=F("second_read")),
                name="direct_chat_unread_second",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.second}"

    def get_absolute_url(self) -> str:
        return reverse("internal:chat", args=[self.project.slug, self.pk])

    @classmethod
    def between(cls, one: Agent, other: Agent) -> "DirectChat":
        """Their open chat, else the one that begins with a first post; that is not stored."""
        first, second = sorted([one, other], key=lambda agent: agent.pk)
        known = cls.objects.filter(first=first, second=second)
        last = known.order_by(F("ended_at").desc(nulls_first=True)).first()
        if last and last.is_open:
            last.first, last.second = first, second
            return last
        after = last.pk if last else uuid.UUID(int=0)
        name = uuid.uuid5(after, f"{first.pk} {second.pk}")
        reading = one.project.internal_reading
        return cls(pk=name, project=one.project, first=first, second=second, reading=reading)

    @property
    def is_written(self) -> bool:
        """It has its first post; before it there is nothing to see for anybody."""
        return not self._state.adding

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def is_read_by_supervisors(self) -> bool:
        content = Project.InternalReading.CONTENT
        return self.reading == content and self.project.internal_reading == content

    @property
    def members(self) -> list[int]:
        return [self.first_id, self.second_id]

    def colleague_of(self, agent_id: int) -> Agent:
        return self.second if agent_id == self.first_id else self.first

    def read_by(self, agent_id: int) -> int:
        return int(getattr(self, self.mark_of(agent_id)))

    def mark_of(self, agent_id: int) -> str:
        """The field that holds how far this agent has read."""
        return "first_read" if agent_id == self.first_id else "second_read"


class Post(models.Model):
    """One line of a chat, numbered without gaps.

    `client_id` is the name its author's page gave it (sending twice stores once) and its id on
    screen. Its text may be empty where files go with it.
    """

    author = "colleague"  # what `conversations/_message.html` asks of a line
    is_system = False
    card: Conversation | None = None  # set by `quoting.with_cards`

    # Without an index of its own: that of its numbers begins with it.
    chat = models.ForeignKey(
        DirectChat,
        models.CASCADE,
        related_name="posts",
        db_index=False,
        verbose_name=_("internal chat"),
    )
    seq = models.PositiveIntegerField()
    client_id = models.UUIDField(default=uuid.uuid4)
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="posts", verbose_name=_("by"))
    text = models.CharField(_("text"), max_length=MAX_TEXT, blank=True)  # beside a file: perhaps
    quoted = models.ForeignKey(
        Conversation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("quoted conversation"),
    )
    created_at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["chat", "seq"], name="post_seq_once"),
            models.UniqueConstraint(
                fields=["chat", "agent", "client_id"], name="post_client_id_once_an_author"
            ),
        ]

    def __str__(self) -> str:
        return self.said

    @cached_property
    def files(self) -> list[Any]:
        """In their order; whoever lists posts gives each its own (`PostFile.give`)."""
        return list(self.attachments.select_related("upload__project").order_by("position"))

    @property
    def said(self) -> str:
        """In a line of a list: the text, else what came instead of one."""
        return self.text or ", ".join(file.upload.delivered_name for file in self.files)

    @property
    def conversation_id(self) -> Any:
        """Where it stands, by the name a message has for it."""
        return self.chat_id
