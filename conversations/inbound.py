"""A message comes in, from whatever channel."""

import datetime as dt
import uuid
from contextlib import nullcontext
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from conversations import broadcasts, closing, releasing, routing, transcript
from conversations.models import Contact, Conversation, Identity, Inbox, Message
from media.attaching import NotAttached

# Whose identity it is now (two contacts may have become one), whether they are shut out, and
# their newest conversation here.
WHO = """
    SELECT person.id, person.blocked_at IS NOT NULL, (
        SELECT id FROM conversations_conversation
        WHERE inbox_id = %s AND contact_id = person.id
        ORDER BY ended_at DESC NULLS FIRST LIMIT 1
    )
    FROM conversations_identity AS d JOIN conversations_contact AS person ON person.id = contact_id
    WHERE d.id = %s
"""
# In SQL because every start asks: building it with the ORM took four times as long as running it.
CREATE = """
    INSERT INTO conversations_conversation
        (id, project_id, inbox_id, campaign_id, contact_id, identity_id, started_at, comment,
         last_seq, agent_read_seq, contact_read_seq)
    VALUES (%s, %s, %s, %s, %s, %s, %s, '', 0, 0, 0)
"""
QUESTION_MARKS = set("?¿؟？\u037e")


@dataclass(frozen=True, slots=True)
class Incoming:
    """What every channel's `parse` makes of its payload. `provider_id` is unique in the inbox.

    `uploads` are files of theirs, checked or not, that go with it. `may_start` False: something
    stands before a new conversation (a form); one that is open is joined all the same.
    """

    provider_id: str
    text: str
    client_id: uuid.UUID | None = None
    uploads: tuple[uuid.UUID, ...] = ()
    may_start: bool = True


class MayNotStart(Exception):
    """There is no open conversation, and this message may not begin one."""


class Blocked(Exception):
    """Whoever wrote is shut out (`conversations.blocking`)."""


def receive(*, inbox: Inbox, identity: Identity, incoming: Incoming) -> Message:
    """Store the message once and see to it that somebody gets it.

    It joins the contact's open conversation, or starts one through the queue; if the agent is
    gone, it brings the open one back there. A word of thanks within the campaign's grace belongs
    to what has just ended. A known id returns the stored message and shows it once more: whoever
    stored it may have died before it told anybody.

    Raises MayNotStart, Blocked or NotAttached; nothing is stored then. Only what finds no open
    conversation asks whether they are blocked: blocking ends them all.
    """
    try:
        try:
            return _join(inbox, identity, incoming)
        except transcript.NotJoined:
            return _begin(inbox, identity, incoming)
    except (IntegrityError, MayNotStart, Blocked, NotAttached):
        known = Message.objects.filter(inbox=inbox, provider_id=incoming.provider_id)
        if message := known.select_related("conversation", "agent__user").first():
            with transaction.atomic():
                broadcasts.show_message(message)
            return message
        raise


def _join(inbox: Inbox, identity: Identity, incoming: Incoming) -> Message:
    # A text is one statement and needs no transaction around it.
    with transaction.atomic() if incoming.uploads else nullcontext():
        if incoming.uploads:
            transcript.hold(incoming.uploads)
        message, shown = transcript.join(
            inbox,
            identity,
            client_id=incoming.client_id,
            provider_id=incoming.provider_id,
            text=incoming.text,
        )
        if incoming.uploads:
            transcript.attach(message, incoming.uploads, identity=identity)
            shown = shown and shown.with_file(message.files[0])
        broadcasts.show_stored(message, shown)
    return message


def _begin(inbox: Inbox, identity: Identity, incoming: Incoming) -> Message:
    """Whatever needs routing's lock, which comes before the conversation's: decided under it."""
    with transaction.atomic():
        now = routing.lock(inbox.project_id)
        is_blocked, newest = _newest(inbox, identity)
        if is_blocked:
            raise Blocked
        if newest and newest.is_open:
            return _bring_back(newest, identity, incoming)
        if newest and _is_thanks(newest, incoming, now):
            return _thank(newest, identity, incoming)
        if not incoming.may_start:
            raise MayNotStart
        return _start(_create(inbox, identity, now), identity, incoming, now)


def _bring_back(conversation: Conversation, identity: Identity, incoming: Incoming) -> Message:
    """Into the open one: somebody was first, or its agent is gone and it returns to the queue."""
    message = _append(conversation, identity, incoming)
    broadcasts.show_message(message)
    for assignment in conversation.assignments.filter(ended_at=None):
        releasing.release(assignment)
    return message


def _start(
    conversation: Conversation, identity: Identity, incoming: Incoming, now: dt.datetime
) -> Message:
    """At the end of the line; two first messages at once make one."""
    message = _append(conversation, identity, incoming)
    broadcasts.show_stored(message, None)  # on nobody's screen yet
    routing.enqueue(conversation, now=now)
    broadcasts.tell_state(conversation, "queued")
    if not routing.fill(conversation.project_id, now=now):
        broadcasts.show_queue(conversation.project_id)
    return message


def _is_thanks(conversation: Conversation, incoming: Incoming, now: dt.datetime) -> bool:
    """Whether this is a word of thanks to what has just ended: by its agent, within the campaign's
    grace. A question never is one, and no file is."""
    if not conversation.ended_at or not conversation.ended_by_id or incoming.uploads:
        return False
    is_in_time = now < conversation.ended_at + conversation.campaign.ending_grace
    return is_in_time and not QUESTION_MARKS & set(incoming.text)


def _thank(conversation: Conversation, identity: Identity, incoming: Incoming) -> Message:
    """Silently: nobody waits, no slot is taken, nothing is new on anybody's list."""
    message = _append(conversation, identity, incoming, even_ended=True)
    broadcasts.show_afterwards(message)
    return message


def _create(inbox: Inbox, identity: Identity, now: dt.datetime) -> Conversation:
    conversation = Conversation(
        project_id=inbox.project_id,
        inbox=inbox,
        campaign_id=inbox.campaign_id,
        contact_id=identity.contact_id,
        identity=identity,
        started_at=now,
    )
    columns = ("pk", "project_id", "inbox_id", "campaign_id", "contact_id", "identity_id")
    with connection.cursor() as cursor:
        cursor.execute(CREATE, [*(getattr(conversation, name) for name in columns), now])
    conversation._state.adding = False
    return conversation


def _newest(inbox: Inbox, identity: Identity) -> tuple[bool, Conversation | None]:
    """Are they blocked; the open one, else the one that ended last. From here on the identity is
    whose it is now: a page that is open since before a merge does not know.

    In SQL: whoever writes for the first time has none, and asking the ORM for it cost a start a
    sixth of its time."""
    with connection.cursor() as cursor:
        cursor.execute(WHO, [inbox.pk, identity.pk])
        contact_id, is_blocked, found = cursor.fetchone()
    if contact_id != identity.contact_id:
        identity.contact = Contact.objects.get(pk=contact_id)
    return is_blocked, _whole().get(pk=found) if found else None


def open_conversation(inbox: Inbox, identity: Identity) -> Conversation:
    """Raises Conversation.DoesNotExist."""
    return _whole().get(inbox=inbox, contact__identities=identity.pk, ended_at=None)


def _whole() -> QuerySet[Conversation]:
    return Conversation.objects.select_related("contact", "identity", "campaign")


def _append(
    conversation: Conversation,
    identity: Identity,
    incoming: Incoming,
    *,
    even_ended: bool = False,
) -> Message:
    message = transcript.append(
        conversation,
        author=Message.Author.CONTACT,
        client_id=incoming.client_id,
        provider_id=incoming.provider_id,
        text=incoming.text,
        even_ended=even_ended,
    )
    transcript.attach(message, incoming.uploads, identity=identity)
    return message


def leave(*, conversation: Conversation) -> None:
    """The customer ends the chat: while waiting it is over, while served a line says so, once."""
    if closing.abandon(conversation=conversation):
        return
    last = conversation.messages.order_by("-seq").first()
    if last and last.event == Message.Event.CUSTOMER_LEFT:
        return
    with transaction.atomic():
        try:
            message = transcript.append(
                conversation,
                author=Message.Author.SYSTEM,
                event=Message.Event.CUSTOMER_LEFT,
            )
        except transcript.Ended:
            return
        broadcasts.show_message(message)


def read(*, conversation: Conversation, seq: int) -> None:
    """The customer has seen everything up to `seq`; it never goes back."""
    with transaction.atomic():
        seq = min(seq, conversation.last_seq)
        changed = Conversation.objects.filter(pk=conversation.pk, contact_read_seq__lt=seq).update(
            contact_read_seq=seq
        )
        if changed:
            conversation.contact_read_seq = seq
            for agent_id in conversation.assignments.filter(ended_at=None).values_list(
                "agent", flat=True
            ):
                broadcasts.show_reading(conversation, agent_id)


def typing(*, conversation: Conversation) -> None:
    broadcasts.show_typing(conversation)
