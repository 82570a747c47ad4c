"""Storing a message: one function for the socket, the hooks and the agent's reply."""

import uuid
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from agents import counting
from agents.models import Agent
from conversations.listing import Shown
from conversations.models import Attachment, Conversation, Identity, Inbox, Message
from media import attaching
from media.models import Upload

# Made in migration 0007, which says how a number is taken and why it leaves no gap.
APPEND = """
    conversations_append(%(conversation)s, %(even_ended)s, %(inbox)s, %(contact)s, %(client_id)s,
                         %(provider_id)s, %(author)s, %(agent)s, %(text)s, %(event)s)
"""
STORE = f"SELECT * FROM {APPEND}"  # noqa: S608  our own text
STORE_AND_SHOW = f"""
    SELECT stored.*, shown.revision, shown.language, (shown.item).*
    FROM {APPEND} AS stored LEFT JOIN LATERAL conversations_show(conversation_id) AS shown ON true
"""  # noqa: S608  our own text
OF_THE_OPEN_ONE = ["id", "project_id", "inbox_id", "contact_id", "identity_id", "last_seq"]


class Ended(Exception):
    """The conversation is over: nothing can be added to it."""


class NotJoined(Exception):
    """There is no open conversation, or its agent is gone: what comes next begins with routing's
    lock."""


def append(
    conversation: Conversation,
    *,
    author: str,
    client_id: uuid.UUID | None = None,
    provider_id: str | None = None,
    agent: Agent | None = None,
    text: str = "",
    event: str = "",
    even_ended: bool = False,
) -> Message:
    """Add a message with the conversation's next number.

    Raises Ended, and IntegrityError for a name (client or provider id) that is there already; the
    caller's transaction is then over, and with it the number that was taken.
    """
    message = Message(
        conversation=conversation,
        inbox_id=conversation.inbox_id,
        client_id=client_id or uuid.uuid4(),
        provider_id=provider_id,
        author=author,
        agent=agent,
        text=text,
        event=event,
    )
    row = _store(STORE, message, conversation=conversation.pk, contact=None, even_ended=even_ended)
    if row is None:
        raise Ended
    conversation.last_seq = message.seq
    return message


def join(
    inbox: Inbox,
    identity: Identity,
    *,
    client_id: uuid.UUID | None,
    provider_id: str,
    text: str,
) -> tuple[Message, Shown | None]:
    """Add what this customer writes to their open conversation and raise its holder's screen.

    One statement that is its own transaction, without looking the conversation up first: that of
    the message returned knows who and where it is; the rest of it is fetched when asked for.
    Raises NotJoined, and IntegrityError as `append` does.
    """
    message = Message(
        inbox=inbox,
        client_id=client_id or uuid.uuid4(),
        provider_id=provider_id,
        author=Message.Author.CONTACT,
        text=text,
    )
    # Only a transaction around us needs a savepoint, so that a duplicate does not end it.
    with transaction.atomic() if connection.in_atomic_block else nullcontext():
        row = _store(
            STORE_AND_SHOW,
            message,
            conversation=None,
            contact=identity.contact_id,
            even_ended=False,
        )
    if row is None:
        raise NotJoined
    found, project, said_by, *shown = row
    message.conversation = Conversation.from_db(
        None, OF_THE_OPEN_ONE, [found, project, inbox.pk, identity.contact_id, said_by, message.seq]
    )
    return message, Shown.of(*shown)


def _store(sql: str, message: Message, **where: Any) -> tuple[Any, ...] | None:
    """Makes the message as it is stored. Returns its conversation's id, project and identity, and
    what else `sql` selects; None when no conversation was met."""
    values: dict[str, Any] = {
        "inbox": message.inbox_id,
        "client_id": message.client_id,
        "provider_id": message.provider_id,
        "author": message.author,
        "agent": message.agent_id,
        "text": message.text,
        "event": message.event,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values | where)
        row = cursor.fetchone()
    if row is None:
        return None
    message.pk, message.seq, message.created_at, *rest = row
    message.files = []  # what goes with it is attached next
    message._state.adding = False
    counting.stored(message.author)
    return tuple(rest)


def hold(uploads: Sequence[uuid.UUID]) -> None:
    """Lock them before a screen is raised: whoever decides about one raises screens after it."""
    list(Attachment.objects.select_for_update().filter(upload__in=uploads).order_by("pk"))


def attach(
    message: Message,
    uploads: Sequence[uuid.UUID],
    *,
    agent: Agent | None = None,
    identity: Identity | None = None,
) -> None:
    """These files go with the message just stored, in this order; what an agent sends is checked.

    Raises NotAttached when one of them is not theirs, not for here, not fit or sent already; the
    caller's transaction is then over.
    """
    if not uploads:
        return
    unsent = Attachment.objects.filter(message=None, inbox=message.inbox_id)
    if agent:
        theirs = unsent.filter(
            agent=agent, conversation=message.conversation_id, upload__state=Upload.State.READY
        )
    else:
        theirs = unsent.filter(identity=identity).exclude(upload__state=Upload.State.REFUSED)
    attached = attaching.attach(message, theirs, uploads)
    for one in attached:
        one.conversation_id = message.conversation_id
    Attachment.objects.bulk_update(attached, ["message", "conversation", "position"])
    with_files([message])


def newest(
    history: QuerySet[Conversation], count: int = 20, *, has_files: bool = True
) -> tuple[list[Message], bool]:
    """The newest messages of these conversations, oldest first; more before? Files are asked for
    unless it is known that there are none."""
    return _page(Message.objects.filter(conversation__in=history), count, has_files)


def older(
    history: QuerySet[Conversation], before: Message, count: int = 20
) -> tuple[list[Message], bool]:
    """The `count` messages of these conversations before that one."""
    return _page(Message.objects.filter(conversation__in=history, pk__lt=before.pk), count)


def _page(
    messages: QuerySet[Message], count: int, has_files: bool = True
) -> tuple[list[Message], bool]:
    page = list(messages.select_related("agent__user").order_by("-pk")[: count + 1])
    shown = page[:count][::-1]
    return with_files(shown) if has_files else without_files(shown), len(page) > count


def after(conversation: Conversation, seq: int) -> list[Message]:
    """What a reader who has seen everything up to `seq` still lacks."""
    lacking = conversation.messages.filter(seq__gt=seq).select_related("agent__user")
    return with_files(list(lacking.order_by("seq")))


def without_files(messages: list[Message]) -> list[Message]:
    for message in messages:
        message.files = []
    return messages


def with_files(messages: list[Message]) -> list[Message]:
    """Each with its files."""
    Attachment.give(messages)
    return messages
