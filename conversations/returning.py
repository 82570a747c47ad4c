"""A conversation goes from its agent back to the line: because they are gone (`releasing`), or did
not open it in time (`missed`)."""

import datetime as dt

from conversations import broadcasts, offering, routing, transcript
from conversations.models import Assignment, Message


def give_back(assignment: Assignment, event: str, *, now: dt.datetime) -> None:
    """Its serving has ended: to the front of its campaign's line, by its arrival; a line in the
    thread says why. Holds the routing lock; whoever calls fills."""
    conversation = assignment.conversation
    line = transcript.append(conversation, author=Message.Author.SYSTEM, event=event)
    offering.withdraw_open(conversation, now=now)
    routing.enqueue_again(conversation, now=now)
    broadcasts.show_message(line)
    broadcasts.drop_conversation(conversation, assignment.agent_id)
    broadcasts.tell_state(conversation, "queued")
    broadcasts.show_queue(assignment.project_id)
