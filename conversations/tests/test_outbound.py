"""The agent answers (R33): once, and only while they hold the conversation."""

import contextlib
import uuid

import pytest

from agents.models import Agent, Screen
from contactcenter.testing import at_once, make_customer, order_status, ready, write
from conversations import closing, outbound
from conversations.models import Identity, Inbox, Message

pytestmark = pytest.mark.django_db


def test_an_answer_takes_the_next_number_and_counts_as_read(
    web: Inbox, lucia: Identity, ana: Agent
) -> None:
    ready(ana)
    conversation = write(web, lucia).conversation
    answer = outbound.send(
        agent=ana, conversation=conversation, client_id=uuid.uuid4(), text="On its way"
    )
    conversation.refresh_from_db()
    assert (answer.seq, conversation.last_seq, conversation.agent_read_seq) == (2, 2, 2)


def test_sending_twice_is_sending_once(web: Inbox, lucia: Identity, ana: Agent) -> None:
    ready(ana)
    conversation = write(web, lucia).conversation
    name = uuid.uuid4()
    first, again = (
        outbound.send(agent=ana, conversation=conversation, client_id=name, text="Hi")
        for _ in range(2)
    )
    assert first.pk == again.pk
    assert Screen.objects.get(agent=ana).revision == 3, "given it, answered, shown once more"


def test_a_repeat_after_the_end_finds_what_was_sent(
    web: Inbox, lucia: Identity, ana: Agent
) -> None:
    """The answer to the post was lost and the conversation ended meanwhile: it *was* sent."""
    ready(ana)
    conversation = write(web, lucia).conversation
    name = uuid.uuid4()
    sent = outbound.send(agent=ana, conversation=conversation, client_id=name, text="Hi")
    closing.end(agent=ana, conversation=conversation, typification=order_status(web.project))
    again = outbound.send(agent=ana, conversation=conversation, client_id=name, text="Hi")
    assert again.pk == sent.pk


def test_nobody_answers_what_somebody_else_holds(
    web: Inbox, lucia: Identity, ana: Agent, bruno: Agent
) -> None:
    ready(ana)
    conversation = write(web, lucia).conversation
    with pytest.raises(outbound.NotYours):
        outbound.send(agent=bruno, conversation=conversation, client_id=uuid.uuid4(), text="x")
    assert Message.objects.filter(author="agent").count() == 0
    conversation.refresh_from_db()
    assert conversation.last_seq == 1


@pytest.mark.django_db(transaction=True)
def test_ending_and_answering_at_once_leaves_no_answer_after_the_end(
    web: Inbox, ana: Agent
) -> None:
    ready(ana)
    typification = order_status(web.project)
    for _ in range(10):
        conversation = write(web, make_customer(web)).conversation

        def answer(conversation=conversation) -> None:
            with contextlib.suppress(outbound.NotYours):
                outbound.send(
                    agent=ana, conversation=conversation, client_id=uuid.uuid4(), text="x"
                )

        def end(conversation=conversation) -> None:
            closing.end(agent=ana, conversation=conversation, typification=typification)

        at_once([answer, end])
        conversation.refresh_from_db()
        late = conversation.messages.filter(created_at__gt=conversation.ended_at)
        assert late.count() == 0
        assert conversation.messages.count() == conversation.last_seq
