"""A word of thanks after the end belongs to what has ended: no new wait, no slot, no noise."""

import datetime as dt
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.db.models import F

from agents.models import Agent, Campaign
from contactcenter.testing import at_once, order_status, ready, write
from conversations import closing, inbound, invariants
from conversations.models import Assignment, Conversation, Identity, Inbox, Message, QueueEntry
from conversations.tests.sockets import console

pytestmark = pytest.mark.django_db
GRACE = dt.timedelta(minutes=5)


@pytest.fixture
def ended(web: Inbox, support: Campaign, lucia: Identity, ana: Agent) -> Conversation:
    """Ana has ended it a moment ago, in a campaign that knows thanks."""
    Campaign.objects.filter(pk=support.pk).update(ending_grace=GRACE)
    ready(ana)
    conversation = write(web, lucia, "Where is my lamp?").conversation
    closing.end(agent=ana, conversation=conversation, typification=order_status(web.project))
    return conversation


def test_thanks_are_added_to_what_has_ended_and_nobody_waits(
    web: Inbox, lucia: Identity, ended: Conversation
) -> None:
    message = write(web, lucia, "Thank you!")
    assert (message.conversation, message.seq) == (ended, 2)
    assert not QueueEntry.objects.filter(ended_at=None).exists()
    assert not Assignment.objects.filter(ended_at=None).exists()
    ended.refresh_from_db()
    assert not ended.is_open
    assert not any(finding.count for finding in invariants.check(project_id=web.project_id))


@pytest.mark.parametrize("text", ["And the other one?", "¿Y la otra", "还有吗？", "متى؟"])
def test_a_question_is_a_new_conversation(
    web: Inbox, lucia: Identity, ended: Conversation, text: str
) -> None:
    assert write(web, lucia, text).conversation != ended


def test_after_the_grace_or_without_one_it_is_a_new_conversation(
    web: Inbox, lucia: Identity, ended: Conversation
) -> None:
    Conversation.objects.update(ended_at=F("ended_at") - GRACE)
    assert write(web, lucia, "Thank you!").conversation != ended


def test_a_grace_of_zero_is_off(web: Inbox, lucia: Identity, ended: Conversation) -> None:
    Campaign.objects.update(ending_grace=dt.timedelta(0))
    assert write(web, lucia, "Thank you!").conversation != ended


def test_whoever_left_the_queue_and_writes_again_wants_to_be_served(
    web: Inbox, support: Campaign, lucia: Identity
) -> None:
    """No agent has ended it: there is nothing to thank for."""
    Campaign.objects.filter(pk=support.pk).update(ending_grace=GRACE)
    left = write(web, lucia).conversation
    closing.abandon(conversation=left)
    again = write(web, lucia, "Hello again")
    assert again.conversation != left
    assert QueueEntry.objects.filter(conversation=again.conversation, ended_at=None).exists()


def test_only_the_newest_conversation_is_thanked_for(
    web: Inbox, lucia: Identity, ended: Conversation
) -> None:
    later = write(web, lucia, "Is it blue?").conversation
    closing.end(
        agent=Agent.objects.get(assignments__conversation=later),
        conversation=later,
        typification=order_status(web.project),
    )
    assert write(web, lucia, "Thanks").conversation == later


def test_the_same_thanks_twice_are_stored_once(
    web: Inbox, lucia: Identity, ended: Conversation
) -> None:
    incoming = inbound.Incoming("thanks", "Thank you!", uuid.uuid4())
    first, again = (inbound.receive(inbox=web, identity=lucia, incoming=incoming) for _ in range(2))
    assert (first.pk, first.seq) == (again.pk, 2)


def test_somebody_elses_end_is_not_thanked_for(
    web: Inbox, ended: Conversation, mallory: Agent
) -> None:
    clinic = Inbox.objects.get(project=mallory.project_id)
    assert write(clinic, text="Thank you!").conversation != ended
    assert write(web, text="Thank you!").conversation != ended


@pytest.mark.django_db(transaction=True)
async def test_the_agent_sees_the_bubble_and_neither_dot_nor_sound(
    web: Inbox, lucia: Identity, ended: Conversation, ana: Agent
) -> None:
    """A row in the list makes the dot and the sound: none is pushed."""
    line = await console(ana)
    await line.connect()
    await sync_to_async(write)(web, lucia, "Thank you!")
    push = await line.hear("push")
    assert "Thank you!" in push["html"]
    assert f'"conversation-{ended.pk}"' not in push["html"]
    await line.disconnect()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_have_two_numbers(web: Inbox, lucia: Identity, ended: Conversation) -> None:
    at_once([lambda n=n: write(web, lucia, f"Thanks {n}") for n in range(4)])
    seqs = Message.objects.filter(conversation=ended).values_list("seq", flat=True)
    assert sorted(seqs) == [1, 2, 3, 4, 5]
    assert Conversation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_thanks_at_the_moment_of_the_end_are_in_it_and_start_nothing(
    web: Inbox, support: Campaign, ana: Agent
) -> None:
    """Just before or just after: the same thread, the next number."""
    Campaign.objects.filter(pk=support.pk).update(ending_grace=GRACE)
    ready(ana)
    status = order_status(web.project)
    for _round in range(8):
        first = write(web)
        held, customer = first.conversation, first.conversation.identity
        at_once(
            [
                lambda held=held: closing.end(agent=ana, conversation=held, typification=status),
                lambda customer=customer: write(web, customer, "Thank you!"),
            ]
        )
        assert list(held.messages.values_list("seq", flat=True)) == [1, 2]
    assert Conversation.objects.count() == 8
    assert not Conversation.objects.filter(ended_at=None).exists()
