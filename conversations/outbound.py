"""A message goes out: the agent answers."""

import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from agents.models import Agent
from conversations import broadcasts, transcript
from conversations.models import Assignment, Conversation, Message
from media.attaching import NotAttached


class NotYours(Exception):
    """The conversation is over, or somebody else's by now: nothing was sent."""


def send(
    *,
    agent: Agent,
    conversation: Conversation,
    client_id: uuid.UUID,
    text: str = "",
    uploads: Sequence[uuid.UUID] = (),
) -> Message:
    """Store the answer and show it; sending the same `client_id` again returns the first, and
    shows it once more: whoever stored it may have died before it told anybody.

    Raises NotYours when the agent does not hold the conversation at that moment, and NotAttached
    when a file is not their own for this conversation, not ready, or sent already.
    """
    try:
        with transaction.atomic():
            message = transcript.append(
                conversation,
                author=Message.Author.AGENT,
                agent=agent,
                client_id=client_id,
                text=text,
            )
            # Asked after the row's lock was taken, so a transfer cannot slip in between.
            if not holds(agent, conversation):
                raise NotYours
            transcript.attach(message, uploads, agent=agent)
            broadcasts.show_message(message)
            return message
    except (IntegrityError, transcript.Ended, NotYours, NotAttached) as problem:
        if known := _sent_before(agent, conversation, client_id):
            with transaction.atomic():
                broadcasts.show_message(known)
            return known
        if isinstance(problem, IntegrityError | NotAttached):
            raise
        raise NotYours from problem


def holds(agent: Agent, conversation: Conversation) -> bool:
    return Assignment.objects.filter(conversation=conversation, agent=agent, ended_at=None).exists()


def _sent_before(agent: Agent, conversation: Conversation, client_id: uuid.UUID) -> Message | None:
    return (
        conversation.messages.filter(author=Message.Author.AGENT, agent=agent, client_id=client_id)
        .select_related("agent__user")
        .first()
    )
