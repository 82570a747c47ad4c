"""What stands on agents' screens, as template and context. `broadcasts` says whose."""

import uuid
from collections.abc import Iterable

from django.db import connection

from agents import live
from conversations import listing, offers
from conversations.models import Conversation, Message, Note
from conversations.portraits import portrait

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


def bubble(message: Message) -> list[live.Fragment]:
    """With what it adds to the files beside the thread."""
    contact_id = message.conversation.contact_id
    ready = [file for file in message.files if file.upload.is_ready]
    shared = [(SHARED, {"file": file, "contact_id": contact_id}) for file in ready]
    return [(MESSAGE, {"message": message}), *shared]


def rows(agent_id: int, ids: Iterable[uuid.UUID]) -> list[live.Fragment]:
    """The rows of these conversations, as far as this agent holds them."""
    return [(ITEM, {"item": row}) for row in listing.some(ids).get(agent_id, [])]


def head(conversation_id: uuid.UUID) -> list[live.Fragment]:
    """Who it is, above the thread and beside it."""
    whole = Conversation.objects.select_related("contact", "identity", "inbox", "campaign")
    conversation = whole.get(pk=conversation_id)
    context = {"conversation": conversation, "portrait": portrait(conversation)}
    return [(WHO, context), (PERSON, context)]


def mentioned(agent_id: int, note: Note, place: uuid.UUID | None) -> live.Fragment:
    """That the note names this agent, with the conversation where they may read it; or, without
    one, that it does not any more."""
    newest = listing.standing(agent_id).mention
    url = listing.address(note.project.slug).replace(str(listing.NOBODY), str(place))
    context = {"note": note, "project": note.project, "mention": newest}
    return MENTIONED, {**context, "url": url if place else ""}


def slots(agent_id: int) -> live.Fragment:
    """How many of the agent's slots are taken, asked for now."""
    with connection.cursor() as cursor:
        cursor.execute(USED, [agent_id])
        limit, used = cursor.fetchone()
    return taken(used, limit)


def taken(used: int, limit: int) -> live.Fragment:
    return SLOTS, {"used": used, "limit": limit}


def offered_to(agent_id: int) -> list[live.Fragment]:
    """What waits for this agent's yes, and the slots it holds."""
    return [(OFFERS, {"offers": offers.made_to(agent_id)}), slots(agent_id)]


def finishing(agent_id: int) -> list[live.Fragment]:
    """What is being finished, and the slots it takes."""
    return [(WRAP_UPS, {"wrap_ups": listing.wrap_ups(agent_id)}), slots(agent_id)]


def note(
    note: Note, agent_id: int, readers: set[int], named: dict[int, uuid.UUID | None]
) -> list[live.Fragment]:
    """In the thread and beside it for its readers; for whom it names that it does."""
    shown = [(NOTE, {"note": note}), (NOTED, {"note": note})] if agent_id in readers else []
    return [*shown, *([mentioned(agent_id, note, named[agent_id])] if agent_id in named else [])]


def gone(note: Note, agent_id: int, named: set[int]) -> list[live.Fragment]:
    """The note, from threads and from beside them."""
    removed = [(REMOVE, {"element_id": f"{place}-{note.client_id}"}) for place in ("note", "noted")]
    return [*removed, *([mentioned(agent_id, note, None)] if agent_id in named else [])]
