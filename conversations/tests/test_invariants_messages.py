"""The promises about messages (P-01, P-02, P-03), each broken on purpose, and named."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from agents.models import Project
from conversations.models import Conversation, Delivery, Message
from conversations.tests.breaking import MINUTE, broken, busy, change, served, without

__all__ = ["busy"]  # a fixture
pytestmark = pytest.mark.django_db


def test_a_conversation_without_a_message(busy: Project) -> None:
    conversation = served(busy).conversation
    conversation.messages.all().delete()
    change(conversation, last_seq=0)
    assert broken() == {"conversations-begin-with-a-message": [str(conversation.pk)]}


def test_a_delivery_that_nobody_takes_up(busy: Project) -> None:
    now = timezone.now()
    stuck = Delivery.objects.create(
        message=Message.objects.first(), due_at=now - 5 * MINUTE, lease_until=now - 2 * MINUTE
    )
    assert broken() == {"deliveries-move": [str(stuck.pk)]}
    change(stuck, lease_until=now + MINUTE)
    assert broken() == {}, "somebody is at it"
    change(stuck, lease_until=None, due_at=now + MINUTE)
    assert broken() == {}, "it is not due"


def test_a_message_stored_twice(busy: Project) -> None:
    without("conversations_message.message_provider_id_once_an_inbox")
    first, second = Message.objects.filter(author="contact").order_by("pk")[:2]
    change(second, provider_id=first.provider_id)
    assert broken() == {"messages-stored-once": [str(second.pk)]}


def test_a_message_stored_twice_under_its_senders_name(busy: Project) -> None:
    without("conversations_message.message_client_id_once_a_sender")
    answer = Message.objects.get(author="agent")
    conversation = answer.conversation
    first = conversation.messages.get(seq=1)
    change(answer, author="contact", agent=None, client_id=first.client_id)
    assert broken() == {"messages-named-once": [str(answer.pk)]}


def lose_the_first(conversation: Conversation) -> None:
    conversation.messages.get(seq=1).delete()


def lose_the_last(conversation: Conversation) -> None:
    conversation.messages.get(seq=conversation.last_seq).delete()


def count_too_far(conversation: Conversation) -> None:
    change(conversation, last_seq=9)


def skip_a_number(conversation: Conversation) -> None:
    change(conversation.messages.get(seq=2), seq=3)
    change(conversation, last_seq=3)


@pytest.mark.parametrize("damage", [lose_the_first, lose_the_last, count_too_far, skip_a_number])
def test_a_gap_in_the_numbers(busy: Project, damage: Callable[[Conversation], None]) -> None:
    conversation = Message.objects.get(author="agent").conversation
    conversation.refresh_from_db()
    assert conversation.last_seq == 2
    damage(conversation)
    assert broken() == {"messages-gapless": [str(conversation.pk)]}
