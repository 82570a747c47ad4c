"""A conversation leaves whoever holds it: what a transfer and an accepted offer have in common.

All under routing's lock, in the caller's transaction; the caller fills the slots that get free.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from agents.models import Agent
from conversations import broadcasts, colleagues, notebook, routing, transcript
from conversations.colleagues import Colleague
from conversations.models import Assignment, Conversation, Message, Note


@dataclass(slots=True)
class Parted:
    """A conversation that was taken from its holder, with the line that says so."""

    conversation: Conversation
    holder_id: int
    line: Message
    note: Note | None


def hand_over(
    held: Sequence[Assignment], *, taker: Agent, giver: Agent, note: str, now: dt.datetime
) -> Colleague:
    """Straight to a colleague who was found to have room for them; returns them as they were."""
    parted = [part(span, giver=giver, note=note, now=now) for span in held]
    colleague = colleagues.one(taker)
    for each in parted:
        _belong(each.conversation, taker)
    routing.hand([each.conversation for each in parted], taker=colleague, giver=giver, now=now)
    for each in parted:
        show_parted(each)
        broadcasts.tell_state(each.conversation, "assigned", colleague.first_name)
    broadcasts.show_slots(taker.pk)
    return colleague


def part(held: Assignment, *, giver: Agent, note: str, now: dt.datetime) -> Parted:
    """End the span, with a line in the thread, and keep the note for whoever is next."""
    conversation = held.conversation
    line = transcript.append(
        conversation, author=Message.Author.SYSTEM, event=Message.Event.TRANSFERRED
    )
    Assignment.objects.filter(pk=held.pk).update(
        ended_at=now, outcome=Assignment.Outcome.TRANSFERRED
    )
    return Parted(conversation, held.agent_id, line, _keep(conversation, giver, note.strip()))


def _keep(conversation: Conversation, giver: Agent, text: str) -> Note | None:
    if not text:
        return None
    return Note.objects.create(
        project_id=conversation.project_id,
        contact_id=conversation.contact_id,
        conversation=conversation,
        agent=giver,
        text=text,
    )


def show_parted(parted: Parted) -> None:
    """Once it is known who is next: on their screen it is new, on the giver's it is gone. The note
    stands in the threads of whoever served the same person before, too."""
    broadcasts.show_message(parted.line)
    broadcasts.drop_conversation(parted.conversation, parted.holder_id)
    if parted.note:
        broadcasts.show_note(notebook.whole(parted.note), notebook.readers(parted.note), {})


def _belong(conversation: Conversation, taker: Agent) -> None:
    """It takes a campaign of the taker's when they are not in its own."""
    own = list(taker.campaigns.filter(is_active=True).order_by("name"))
    if own and conversation.campaign_id not in {campaign.pk for campaign in own}:
        move(conversation, own[0].pk)


def move(conversation: Conversation, campaign_id: int) -> None:
    conversation.campaign_id = campaign_id
    conversation.save(update_fields=["campaign"])
