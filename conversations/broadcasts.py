"""Which fragment goes to whom. Called by verbs only; all live updates of customers' work."""

import uuid
from collections.abc import Iterable

from django.db import connection

from agents import live
from agents.models import Agent
from conversations import frames, listing, offers
from conversations.models import Assignment, Attachment, Conversation, Message, Note
from conversations.portraits import portrait
from conversations.teams import Given

# Beyond this many agents at once their screens are told to ask again instead: rendering
# thousands of rows here would keep the customer who caused it waiting.
MOST_SCREENS = 50

# An agent's limit, and how much of it is taken.
USED = """
    SELECT coalesce(a.capacity, p.capacity),
           (SELECT count(*) FROM conversations_slot AS s
            WHERE s.agent_id = a.id AND s.ended_at IS NULL)
    FROM agents_agent AS a JOIN agents_project AS p ON p.id = a.project_id WHERE a.id = %s
"""
MESSAGE = "conversations/_message.html"
ITEM = "conversations/_item.html"
WHO, PERSON = "conversations/_who.html", "conversations/_person.html"
UPLOAD, SHARED = "media/_upload.html", "conversations/_shared_file.html"
READING = "console/_reading.html"
REMOVE = "console/_remove.html"
SLOTS = "console/_slots.html"
OFFERS = "console/_offers.html"
OFFERED = "conversations/_offered.html"
AVAILABILITY = "console/_availability.html"
NOTE, NOTED = "conversations/_note.html", "conversations/_noted.html"
MENTIONED = "console/_mentioned.html"
PAUSED = "console/_paused.html"
WRAP_UPS = "console/_wrap_ups.html"


def show_message(message: Message) -> None:
    """To the holder's screens: the bubble and its row. To the customer's pages: the frame."""
    show_stored(message, listing.show(message.conversation_id))


def show_stored(message: Message, shown: listing.Shown | None) -> None:
    """`show_message` where the holder's screen is raised already."""
    conversation = message.conversation
    if shown:
        live.show(
            [(shown.row.served_by, shown.revision, shown.language)],
            lambda agent_id: [*_bubble(message), (ITEM, {"item": shown.row})],
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
        lambda agent_id: [(MESSAGE, {"message": message})],
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
            lambda agent_id: [(UPLOAD, {"attachment": attachment})],
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
        lambda agent_id: _bubble(message),
        conversation=conversation.pk,
    )
    _tell_visitor(conversation.identity_id, **frames.files_frame(message))


def _bubble(message: Message) -> list[live.Fragment]:
    """With what it adds to the files beside the thread."""
    contact_id = message.conversation.contact_id
    ready = [file for file in message.files if file.upload.is_ready]
    shared = [(SHARED, {"file": file, "contact_id": contact_id}) for file in ready]
    return [(MESSAGE, {"message": message}), *shared]


def show_conversation(conversation: Conversation, agent_id: int) -> None:
    """Its row, anew."""
    live.push(
        [agent_id],
        lambda agent_id: _rows([conversation.pk]).get(agent_id, []),
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
                *_rows(by_agent[agent_id]).get(agent_id, []),
                _taken(agents[agent_id].load, agents[agent_id].limit),
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
                *_rows([pk]).get(agent_id, []),
                *_head(pk),
            ],
            conversation=conversation_id,
        )


def drop_conversation(conversation: Conversation, agent_id: int) -> None:
    """It left the agent's list; an open thread of it asks for its read-only form."""
    live.push(
        [agent_id],
        lambda agent_id: [
            (REMOVE, {"element_id": f"conversation-{conversation.pk}"}),
            _slots(agent_id),
        ],
        conversation=conversation.pk,
    )


def show_slots(agent_id: int) -> None:
    live.push([agent_id], lambda agent_id: [_slots(agent_id)])


def show_offers(agent_id: int) -> None:
    """What waits for this agent's yes, and the slots it holds."""
    live.push(
        [agent_id],
        lambda agent_id: [(OFFERS, {"offers": offers.made_to(agent_id)}), _slots(agent_id)],
    )


def show_offered(conversation: Conversation, sender_id: int) -> None:
    """In the sender's thread: to whom it is offered, or that it is not any more."""
    live.push(
        [sender_id],
        lambda agent_id: [(OFFERED, offers.context_of(conversation.pk, agent_id))],
        conversation=conversation.pk,
    )


def show_availability(agent: Agent) -> None:
    context = {"agent": agent, "project": agent.project}
    live.push([agent.pk], lambda agent_id: [(AVAILABILITY, context), (PAUSED, context)])


def show_wrap_ups(agent_id: int) -> None:
    """What is being finished, and the slots it takes."""
    live.push(
        [agent_id],
        lambda agent_id: [
            (WRAP_UPS, {"wrap_ups": listing.wrap_ups(agent_id)}),
            _slots(agent_id),
        ],
    )


def show_reading(conversation: Conversation, agent_id: int) -> None:
    """The customer has read up to there: ticks on the agent's screens."""
    live.push(
        [agent_id],
        lambda agent_id: [(READING, {"id": conversation.pk, "seq": conversation.contact_read_seq})],
        conversation=conversation.pk,
    )


def show_note(note: Note, readers: set[int], named: dict[int, uuid.UUID | None]) -> None:
    """To its readers: in the thread and beside it. To whom it names: that it does, with the
    conversation they may read it in."""
    live.push(
        readers | set(named),
        lambda agent_id: [
            *([(NOTE, {"note": note}), (NOTED, {"note": note})] if agent_id in readers else []),
            *([_mentioned(agent_id, note, named[agent_id])] if agent_id in named else []),
        ],
        alike=not named,
    )


def drop_note(note: Note, readers: set[int], named: set[int]) -> None:
    """It is gone from the threads, and from beside them."""
    gone = [(REMOVE, {"element_id": f"{place}-{note.client_id}"}) for place in ("note", "noted")]
    live.push(
        readers | named,
        lambda agent_id: [
            *gone,
            *([_mentioned(agent_id, note, None)] if agent_id in named else []),
        ],
        alike=not named,
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


def _rows(ids: Iterable[uuid.UUID]) -> dict[int, list[live.Fragment]]:
    """The rows of these conversations as fragments, by their present holder."""
    return {
        agent_id: [(ITEM, {"item": row}) for row in rows]
        for agent_id, rows in listing.some(ids).items()
    }


def _head(conversation_id: uuid.UUID) -> list[live.Fragment]:
    whole = Conversation.objects.select_related("contact", "identity", "inbox", "campaign")
    conversation = whole.get(pk=conversation_id)
    context = {"conversation": conversation, "portrait": portrait(conversation)}
    return [(WHO, context), (PERSON, context)]


def _mentioned(agent_id: int, note: Note, place: uuid.UUID | None) -> live.Fragment:
    newest = listing.standing(agent_id).mention
    url = listing.address(note.project.slug).replace(str(listing.NOBODY), str(place))
    context = {"note": note, "project": note.project, "mention": newest}
    return MENTIONED, {**context, "url": url if place else ""}


def _slots(agent_id: int) -> live.Fragment:
    with connection.cursor() as cursor:
        cursor.execute(USED, [agent_id])
        limit, used = cursor.fetchone()
    return _taken(used, limit)


def _taken(used: int, limit: int) -> live.Fragment:
    return SLOTS, {"used": used, "limit": limit}


def _tell_joined(given: list[Given]) -> None:
    for each in given:
        live.tell_visitor(
            each.entry.identity_id,
            type="state",
            conversation=str(each.conversation_id),
            state="assigned",
            agent={"name": each.agent.first_name},
        )
