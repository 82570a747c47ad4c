"""A message comes in: stored once, in one conversation, in a gapless order (P-01–P-03)."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from agents.models import Agent, Screen
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import (
    at_once,
    holder_of,
    make_customer,
    make_inbox,
    order_status,
    ready,
    write,
)
from conversations import closing, inbound, routing, transcript
from conversations.models import (
    Conversation,
    Identity,
    Inbox,
    Message,
    QueueEntry,
    Typification,
)

pytestmark = pytest.mark.django_db


def test_the_first_message_starts_a_conversation_in_the_queue(web: Inbox, lucia: Identity) -> None:
    message = write(web, lucia, "Where is my lamp?")
    assert (message.seq, message.text) == (1, "Where is my lamp?")
    entry = QueueEntry.objects.get(conversation=message.conversation)
    assert entry.ended_at is None
    assert entry.campaign == web.campaign


def test_the_next_ones_join_it(web: Inbox, lucia: Identity) -> None:
    """R14: three messages of one customer are one user in the queue."""
    messages = [write(web, lucia) for _ in range(3)]
    assert [message.seq for message in messages] == [1, 2, 3]
    assert len({message.conversation_id for message in messages}) == 1
    assert QueueEntry.objects.filter(ended_at=None).count() == 1


def test_the_same_message_twice_is_one(web: Inbox, lucia: Identity) -> None:
    incoming = inbound.Incoming("wamid.1", "Hello", uuid.uuid4())
    first = inbound.receive(inbox=web, identity=lucia, incoming=incoming)
    again = inbound.receive(inbox=web, identity=lucia, incoming=incoming)
    assert again.pk == first.pk
    first.conversation.refresh_from_db()
    assert first.conversation.last_seq == 1  # the number of the second rolled back


def test_a_repeat_is_shown_again_because_the_first_may_have_told_nobody(
    web: Inbox, lucia: Identity, ana: Agent
) -> None:
    ready(ana)
    incoming = inbound.Incoming("wamid.1", "Hello", uuid.uuid4())
    inbound.receive(inbox=web, identity=lucia, incoming=incoming)
    before = Screen.objects.get(agent=ana).revision
    inbound.receive(inbox=web, identity=lucia, incoming=incoming)
    assert Screen.objects.get(agent=ana).revision == before + 1


def test_a_late_repeat_does_not_reopen_what_is_over(
    web: Inbox, lucia: Identity, ana: Agent
) -> None:
    """The ack was lost, the conversation ended, the page sends again: nothing new happens."""
    ready(ana)
    incoming = inbound.Incoming("wamid.1", "Hello", uuid.uuid4())
    first = inbound.receive(inbox=web, identity=lucia, incoming=incoming)
    closing.end(agent=ana, conversation=first.conversation, typification=order_status(web.project))
    again = inbound.receive(inbox=web, identity=lucia, incoming=incoming)
    assert again.pk == first.pk
    assert Conversation.objects.count() == 1


def test_a_returning_customer_is_a_new_conversation(
    web: Inbox, lucia: Identity, ana: Agent
) -> None:
    """R56: writing after the end goes through the queue again."""
    ready(ana)
    first = write(web, lucia).conversation
    closing.end(agent=ana, conversation=first, typification=order_status(web.project))
    second = write(web, lucia).conversation
    assert second.pk != first.pk
    assert holder_of(second) == ana


def test_two_inboxes_are_two_conversations(web: Inbox, lucia: Identity) -> None:
    other = make_inbox(web.campaign)
    assert write(web, lucia).conversation_id != write(other, lucia).conversation_id


def test_mallory_cannot_name_lucias_message(web: Inbox, lucia: Identity) -> None:
    """Another visitor who sends the id of Lucía's message gets a message of their own."""
    theirs = write(web, lucia, "my secret")
    mallory = make_customer(web, "Mallory")
    client_id = theirs.client_id
    incoming = inbound.Incoming(f"{mallory.value}:{client_id}", "give me", client_id)
    mine = inbound.receive(inbox=web, identity=mallory, incoming=incoming)
    assert mine.pk != theirs.pk
    assert mine.text == "give me"


def test_nothing_can_be_added_to_what_is_over(web: Inbox, lucia: Identity) -> None:
    conversation = write(web, lucia).conversation
    closing.abandon(conversation=conversation)
    with pytest.raises(transcript.Ended):
        transcript.append(conversation, author=Message.Author.CONTACT, text="late")


def test_leaving_while_waiting_ends_it_with_the_reserved_typification(
    web: Inbox, lucia: Identity
) -> None:
    conversation = write(web, lucia).conversation
    inbound.leave(conversation=conversation)
    conversation.refresh_from_db()
    assert conversation.typification is not None
    assert conversation.typification.reserved == "abandoned"
    assert conversation.queue_entries.get().outcome == QueueEntry.Outcome.ABANDONED


@pytest.mark.parametrize("name", ["abandoned", "bot"])
def test_a_group_of_the_same_name_keeps_nobody_from_leaving(
    web: Inbox, lucia: Identity, name: str
) -> None:
    Typification.objects.create(project=web.project, name=name)
    conversation = write(web, lucia).conversation
    inbound.leave(conversation=conversation)
    conversation.refresh_from_db()
    assert str(conversation.typification) == "Left while waiting"
    assert conversation.typification not in closing.offered(conversation)


def test_leaving_while_served_is_a_line_and_the_agent_decides(
    web: Inbox, lucia: Identity, ana: Agent
) -> None:
    ready(ana)
    conversation = write(web, lucia).conversation
    inbound.leave(conversation=conversation)
    conversation.refresh_from_db()
    assert conversation.is_open
    line = conversation.messages.last()
    assert (line.author, line.system_text) == ("system", "The customer left")
    assert holder_of(conversation) == ana


def test_reading_never_goes_back_and_never_ahead(web: Inbox, lucia: Identity) -> None:
    conversation = write(web, lucia).conversation
    inbound.read(conversation=conversation, seq=99)
    inbound.read(conversation=conversation, seq=0)
    conversation.refresh_from_db()
    assert conversation.contact_read_seq == 1


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_ten_first_messages_make_one_contact_and_one_conversation(self, web: Inbox) -> None:
        """An album of a new person arrives as parallel deliveries (chatwoot #14210)."""
        lucia = make_customer(web)
        messages = at_once([lambda: write(web, lucia) for _ in range(10)])
        assert len({message.conversation_id for message in messages}) == 1
        assert sorted(message.seq for message in messages) == list(range(1, 11))
        assert QueueEntry.objects.count() == 1

    def test_the_same_message_from_two_tabs_is_stored_once(self, web: Inbox) -> None:
        lucia = make_customer(web)
        incoming = inbound.Incoming("same", "Hello", uuid.uuid4())
        messages = at_once(
            [lambda: inbound.receive(inbox=web, identity=lucia, incoming=incoming)] * 6
        )
        assert len({message.pk for message in messages}) == 1
        assert Message.objects.count() == 1

    def test_a_message_that_waited_for_the_assignment_reaches_the_new_holder(
        self, web: Inbox, ana: Agent
    ) -> None:
        """The message begins before the assignment is committed, and sees it all the same."""
        lucia = write(web).conversation.identity
        ready(ana)
        with ThreadPoolExecutor() as pool:
            with transaction.atomic():
                routing.fill(web.project_id)
                message = pool.submit(written_elsewhere, web, lucia)
                wait_until(somebody_waits_for_us, 20)
                before = Screen.objects.get(agent=ana).revision
            assert message.result(20).seq == 2
        assert Screen.objects.get(agent=ana).revision == before + 1


def written_elsewhere(web: Inbox, customer: Identity) -> Message:
    try:
        return write(web, customer)
    finally:
        connection.close()


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
