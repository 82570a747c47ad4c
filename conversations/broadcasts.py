"""Which fragment goes to whom. Called by verbs only; all live updates of customers' work."""

import uuid
from collections.abc import Iterable

from agents import live
from agents.models import Agent
from conversations import fragments, frames, listing, offers
from conversations.models import Assignment, Attachment, Conversation, Message, Note
from conversations.teams import Given

# Beyond this many agents at once their screens are told to ask again instead: rendering
# thousands of rows here would keep the customer who caused it waiting.
MOST_SCREENS = 50


def show_message(message: Message) -> None:
    """To the holder's screens: the bubble and its row. To the customer's pages: the frame."""
    show_stored(message, listing.show(message.conversation_id))


def show_stored(message: Message, shown: listing.Shown | None) -> None:
    """`show_message` where the holder's screen is raised already."""
    conversation = message.conversation
    if shown:
        live.show(
            [(shown.row.served_by, shown.revision, shown.language)],
            lambda agent_id: [*fragments.bubble(message), (fragments.ITEM, {"item": shown.row})],
            conversation=conversation.pk,
        )
    language = conversation.contact.language if message.is_system else None
    _tell_visitor(
        conversation.identity_id,
        **frames.message_frame(message, conversation.identity_id, language),
    )


def show_afterwards(message: Message) -> None:
    """A word after the end: the bubble, for whoever still has that thread open; no row, so no
    dot and no sound. To the customer's pages: the frame."""
    conversation = message.conversation
    live.push(
        [conversation.ended_by_id] if conversation.ended_by_id else [],
        lambda agent_id: [(fragments.MESSAGE, {"message": message})],
        conversation=conversation.pk,
    )
    _tell_visitor(
        conversation.identity_id, **frames.message_frame(message, conversation.identity_id)
    )


def show_file(attachment: Attachment) -> None:
    """It has its verdict. To whoever sees its message, and to whom it belongs while it is not sent:
    the line where they chose it."""
    message, identity_id = attachment.message, attachment.identity_id
    if message is None:
        live.push(
            [attachment.agent_id] if attachment.agent_id else [],
            lambda agent_id: [(fragments.UPLOAD, {"attachment": attachment})],
            conversation=attachment.conversation_id,
        )
        if identity_id:
            _tell_visitor(identity_id, **frames.upload_frame(attachment))
        return
    conversation = message.conversation
    serving = Assignment.objects.filter(conversation=conversation, ended_at=None)
    readers = {*serving.values_list("agent", flat=True), conversation.ended_by_id}
    live.push(
        [agent_id for agent_id in readers if agent_id],
        lambda agent_id: fragments.bubble(message),
        conversation=conversation.pk,
    )
    _tell_visitor(conversation.identity_id, **frames.files_frame(message))


def show_conversation(conversation: Conversation, agent_id: int) -> None:
    """Its row, anew."""
    live.push(
        [agent_id],
        lambda agent_id: fragments.rows(agent_id, [conversation.pk]),
        conversation=conversation.pk,
    )


def show_assignments(given: list[Given]) -> None:
    """New rows for the agents who got them; "Carla joined" for the customers."""
    agents = {each.agent_id: each.agent for each in given}
    if len(agents) > MOST_SCREENS:
        ask_anew(agents)
    else:
        by_agent: dict[int, list[uuid.UUID]] = {}
        for each in given:
            by_agent.setdefault(each.agent_id, []).append(each.conversation_id)
        live.push(
            agents,
            lambda agent_id: [
                *fragments.rows(agent_id, by_agent[agent_id]),
                fragments.taken(agents[agent_id].load, agents[agent_id].limit),
            ],
            alike=False,
        )
    live.after_commit(lambda: _tell_joined(given))


def show_contact(contact_id: int) -> None:
    """To whoever serves them: the row, the thread's head and the panel, with what is known now."""
    held = Assignment.objects.filter(conversation__contact=contact_id, ended_at=None)
    for agent_id, conversation_id in held.values_list("agent", "conversation").order_by("agent"):
        live.push(
            [agent_id],
            lambda agent_id, pk=conversation_id: [  # type: ignore[misc]
                *fragments.rows(agent_id, [pk]),
                *fragments.head(pk),
            ],
            conversation=conversation_id,
        )


def drop_conversation(conversation: Conversation, agent_id: int) -> None:
    """It left the agent's list; an open thread of it asks for its read-only form."""
    live.push(
        [agent_id],
        lambda agent_id: [
            (fragments.REMOVE, {"element_id": f"conversation-{conversation.pk}"}),
            fragments.slots(agent_id),
        ],
        conversation=conversation.pk,
    )


def show_slots(agent_id: int) -> None:
    live.push([agent_id], lambda agent_id: [fragments.slots(agent_id)])


def show_offers(agent_id: int) -> None:
    """What waits for this agent's yes, and the slots it holds."""
    live.push([agent_id], fragments.offered_to)


def show_offered(conversation: Conversation, sender_id: int) -> None:
    """In the sender's thread: to whom it is offered, or that it is not any more."""
    live.push(
        [sender_id],
        lambda agent_id: [(fragments.OFFERED, offers.context_of(conversation.pk, agent_id))],
        conversation=conversation.pk,
    )


def show_availability(agent: Agent) -> None:
    context = {"agent": agent, "project": agent.project}
    live.push(
        [agent.pk],
        lambda agent_id: [(fragments.AVAILABILITY, context), (fragments.PAUSED, context)],
    )


def show_wrap_ups(agent_id: int) -> None:
    """What is being finished, and the slots it takes."""
    live.push([agent_id], fragments.finishing)


def show_reading(conversation: Conversation, agent_id: int) -> None:
    """The customer has read up to there: ticks on the agent's screens."""
    live.push(
        [agent_id],
        lambda agent_id: [
            (fragments.READING, {"id": conversation.pk, "seq": conversation.contact_read_seq})
        ],
        conversation=conversation.pk,
    )


def show_note(note: Note, readers: set[int], named: dict[int, uuid.UUID | None]) -> None:
    """To its readers: in the thread and beside it. To whom it names: that it does, with the
    conversation they may read it in."""
    live.push(
        readers | set(named),
        lambda agent_id: fragments.note(note, agent_id, readers, named),
        alike=not named,
    )


def drop_note(note: Note, readers: set[int], named: set[int]) -> None:
    """It is gone from the threads, and from beside them."""
    live.push(
        readers | named, lambda agent_id: fragments.gone(note, agent_id, named), alike=not named
    )


def ask_anew(agent_ids: Iterable[int]) -> None:
    """Too much changed on these screens to push it: they ask for everything."""
    live.push(agent_ids, lambda agent_id: [])


def show_queue(project_id: int) -> None:
    """The figures and the waiting customers' positions changed."""
    live.after_commit(lambda: live.mark_queue(project_id))


def tell_state(
    conversation: Conversation, state: str, agent: str | None = None, reason: str | None = None
) -> None:
    """To the customer: queued, assigned, ended; with the reason where nobody ended it."""
    _tell_visitor(
        conversation.identity_id,
        type="state",
        conversation=str(conversation.pk),
        state=state,
        agent={"name": agent} if agent else None,
        reason=reason,
    )


def tell_read(conversation: Conversation, seq: int) -> None:
    """To the customer: the agent has read up to there."""
    _tell_visitor(
        conversation.identity_id,
        type="delivery",
        id=None,
        conversation=str(conversation.pk),
        state="read",
        seq=seq,
    )


def tell_typing(conversation: Conversation) -> None:
    live.tell_visitor(conversation.identity_id, type="typing")


def show_typing(conversation: Conversation) -> None:
    """To the holder: the customer is writing."""
    for agent_id in Assignment.objects.filter(conversation=conversation, ended_at=None).values_list(
        "agent", flat=True
    ):
        live.tell(agent_id, type="typing", conversation=str(conversation.pk))


def _tell_visitor(identity_id: int, **frame: object) -> None:
    live.after_commit(lambda: live.tell_visitor(identity_id, **frame))


def _tell_joined(given: list[Given]) -> None:
    for each in given:
        live.tell_visitor(
            each.entry.identity_id,
            type="state",
            conversation=str(each.conversation_id),
            state="assigned",
            agent={"name": each.agent.first_name},
        )
