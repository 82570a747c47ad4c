"""Staff write for staff: a note on a conversation or on its contact. No customer's page, frame or
message ever reads one."""

import re
import unicodedata
import uuid

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from agents.models import Agent
from conversations import broadcasts, notebook, routing
from conversations.models import Conversation, Note


def write(
    *,
    agent: Agent,
    conversation: Conversation,
    client_id: uuid.UUID,
    text: str,
    on_contact: bool = False,
) -> Note:
    """Store the note and show it to whoever may read it; the same `client_id` again returns the
    first, and shows it once more: whoever stored it may have died before it told anybody.

    Under routing's lock, like all that raises several screens: a transfer raises the same ones in
    another order, and each would wait for the other.
    """
    mentioned = mentioned_in(text, agent)
    try:
        with transaction.atomic():
            routing.lock(conversation.project_id)
            # Whose conversation it is, under its lock: two contacts may be becoming one.
            here = Conversation.objects.select_for_update(no_key=True).get(pk=conversation.pk)
            note = Note.objects.create(
                project_id=here.project_id,
                contact_id=here.contact_id,
                conversation=None if on_contact else here,
                agent=agent,
                client_id=client_id,
                text=text,
            )
            note.mentioned.set(mentioned)
            return show(note)
    except IntegrityError:
        with transaction.atomic():
            routing.lock(conversation.project_id)
            return show(Note.objects.get(agent=agent, client_id=client_id))


def show(note: Note) -> Note:
    """To its readers' screens and to whom it names; returns it with its place in the thread."""
    note = notebook.whole(note)
    named = set(note.mentioned.values_list("pk", flat=True))
    places = {pk: notebook.place_of(note, pk) for pk in named}
    broadcasts.show_note(note, notebook.readers(note), places)
    return note


def remove(*, agent: Agent, note: Note) -> None:
    """One's own only; removing what is gone is no mistake."""
    with transaction.atomic():
        routing.lock(note.project_id)
        told, named = notebook.readers(note), set(note.mentioned.values_list("pk", flat=True))
        Note.objects.filter(pk=note.pk, agent=agent).delete()
        broadcasts.drop_note(note, told, named)


def colleagues_of(agent: Agent) -> QuerySet[Agent]:
    """Whom an agent may name in a note: who has a console, now or tomorrow."""
    return Agent.objects.filter(
        project=agent.project_id, is_active=True, is_agent=True, user__is_active=True
    ).select_related("user")


def mentioned_in(text: str, author: Agent) -> list[Agent]:
    """Colleagues named as @first last name or @user name; two of the same name are both meant."""
    if "@" not in text:
        return []
    people: dict[str, list[Agent]] = {}
    for agent in colleagues_of(author).exclude(pk=author.pk):
        for name in {_fold(agent.name), _fold(agent.user.username)}:
            people.setdefault(name, []).append(agent)
    longest = sorted(people, key=len, reverse=True)
    names = "|".join(re.escape(name) for name in longest)
    found = re.findall(rf"(?<![\w@])@({names})(?!\w)", _fold(text)) if names else []
    return list({agent.pk: agent for name in found for agent in people[name]}.values())


def _fold(text: str) -> str:
    """Without case and accents, as the list of names is searched."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(c for c in plain if unicodedata.category(c) != "Mn").casefold()
