"""Storing a message: one function for the socket, the hooks and the agent's reply."""

import uuid
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from agents import counting
from agents.models import Agent
from conversations.models import Conversation, Message
from conversations.models.assignment import GONE

# Take the number in the UPDATE of the conversation and insert with it, in one statement: the
# row's lock makes the sequence gapless, and a duplicate *raises*, so that its number rolls back.
# Whether the agent is gone is asked here too: a statement of its own would cost every message.
APPEND = f"""
    WITH numbered AS (
        UPDATE conversations_conversation
        SET last_seq = last_seq + 1,
            agent_read_seq = CASE WHEN %(author)s = 'agent' THEN last_seq + 1
                             ELSE agent_read_seq END
        WHERE id = %(conversation)s AND (ended_at IS NULL OR %(even_ended)s)
        RETURNING last_seq
    )
    INSERT INTO conversations_message
        (conversation_id, inbox_id, seq, client_id, provider_id, author, agent_id, text, event,
         created_at)
    SELECT %(conversation)s, %(inbox)s, last_seq, %(client_id)s, %(provider_id)s, %(author)s,
           %(agent)s, %(text)s, %(event)s, clock_timestamp()
    FROM numbered
    RETURNING id, seq, created_at, %(author)s = 'contact' AND EXISTS (
        SELECT FROM conversations_assignment AS a
        JOIN agents_project AS p ON p.id = a.project_id
        WHERE a.conversation_id = %(conversation)s AND {GONE})
"""  # noqa: S608  our own text


class Ended(Exception):
    """The conversation is over: nothing can be added to it."""


class Deserted(Exception):
    """Its agent is gone: what the customer writes brings it back to the queue, and that begins
    with routing's lock."""


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
    even_deserted: bool = False,
) -> Message:
    """Add a message with the conversation's next number.

    Raises Ended, Deserted for a customer's, and IntegrityError for a name (client or provider id)
    that is there already; the caller's transaction is then over, and with it the number that was
    taken.
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
    values: dict[str, Any] = {
        "conversation": conversation.pk,
        "inbox": message.inbox_id,
        "client_id": message.client_id,
        "provider_id": provider_id,
        "author": author,
        "agent": agent.pk if agent else None,
        "text": text,
        "event": event,
        "even_ended": even_ended,
    }
    with connection.cursor() as cursor:
        cursor.execute(APPEND, values)
        row = cursor.fetchone()
    if row is None:
        raise Ended
    message.pk, message.seq, message.created_at, is_deserted = row
    if is_deserted and not even_deserted:
        raise Deserted
    message._state.adding = False
    conversation.last_seq = message.seq
    counting.stored(author)
    return message


def newest(history: QuerySet[Conversation], count: int = 20) -> tuple[list[Message], bool]:
    """The newest messages of these conversations, oldest first; more before?"""
    return _page(Message.objects.filter(conversation__in=history), count)


def older(
    history: QuerySet[Conversation], before: Message, count: int = 20
) -> tuple[list[Message], bool]:
    """The `count` messages of these conversations before that one."""
    return _page(Message.objects.filter(conversation__in=history, pk__lt=before.pk), count)


def _page(messages: QuerySet[Message], count: int) -> tuple[list[Message], bool]:
    page = list(messages.select_related("agent__user").order_by("-pk")[: count + 1])
    return page[:count][::-1], len(page) > count


def after(conversation: Conversation, seq: int) -> list[Message]:
    """What a reader who has seen everything up to `seq` still lacks."""
    return list(
        conversation.messages.filter(seq__gt=seq).select_related("agent__user").order_by("seq")
    )
