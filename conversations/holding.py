"""How an agent stands to a conversation they open, in one statement: what a thread mostly has
none of is then not asked for."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from agents.joined import Joined
from agents.models import Agent
from conversations.models import Assignment, Conversation, QueueEntry

ROWS = Joined(a=Assignment, q=QueueEntry)
# Their last assignment of it, with the wait before; and whether there is anything of these.
HOLDING = f"""
SELECT {ROWS.columns},
       EXISTS (SELECT FROM conversations_note WHERE contact_id = %(contact)s),
       EXISTS (SELECT FROM conversations_offer
               WHERE conversation_id = %(conversation)s AND sender_id = %(agent)s),
       EXISTS (SELECT FROM conversations_conversation
               WHERE contact_id = %(contact)s AND ended_at IS NOT NULL AND id <> %(conversation)s),
       EXISTS (SELECT FROM conversations_conversation AS here
               JOIN conversations_attachment AS f ON f.conversation_id = here.id
               WHERE here.contact_id = %(contact)s AND f.message_id IS NOT NULL)
FROM (VALUES (1)) AS always LEFT JOIN LATERAL (
    SELECT * FROM conversations_assignment
    WHERE conversation_id = %(conversation)s AND agent_id = %(agent)s
    ORDER BY started_at DESC, id DESC LIMIT 1
) AS a ON true
LEFT JOIN conversations_queueentry AS q ON q.id = a.queue_entry_id
"""  # noqa: S608  our own text


@dataclass(frozen=True)
class Holding:
    """`assignment`: the agent's last of this conversation. `has_notes`: somebody wrote one about
    its contact; `has_offers`: the agent offered it to a colleague; `has_previous`: the contact has
    others that are over; `has_files`: something of the contact's came or went with a message."""

    assignment: Assignment | None
    has_notes: bool = True
    has_offers: bool = True
    has_previous: bool = True
    has_files: bool = True

    @property
    def is_mine(self) -> bool:
        """Whether the agent serves it now."""
        return self.assignment is not None and self.assignment.ended_at is None

    @property
    def is_new(self) -> bool:
        """Whether they serve it and have not opened it yet."""
        return self.is_mine and self.assignment is not None and self.assignment.is_new


def holding_of(agent: Agent, conversation: Conversation) -> Holding:
    values: dict[str, Any] = {
        "agent": agent.pk,
        "conversation": conversation.pk,
        "contact": conversation.contact_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(HOLDING, values)
        row = cursor.fetchone()
    assignment, entry = ROWS.nouns(row)
    if assignment:
        assignment.agent, assignment.conversation = agent, conversation
        if entry:
            assignment.queue_entry = entry
    return Holding(assignment, *row[ROWS.width :])
