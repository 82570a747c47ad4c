"""A conversation at the console: answered, shown and read over HTTP."""

import uuid

import pytest

from agents.models import Agent
from contactcenter.testing import arrivals, order_status, ready, write
from conversations import closing
from conversations.models import Conversation, Inbox, Message
from conversations.tests.desks import address, held, sign_in

__all__ = ["held"]  # a fixture
pytestmark = pytest.mark.django_db


def test_an_answer_is_stored_once_however_often_it_is_posted(
    held: Conversation, ana: Agent
) -> None:
    client, name = sign_in(ana), str(uuid.uuid4())
    answers = [
        client.post(address("messages", held), {"id": name, "text": "On its way"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert f'id="message-{name}"' in answers[0].text
    assert Message.objects.filter(author="agent").count() == 1


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"text": "no id"}, "UUID"),
        ({"id": "x", "text": "bad id"}, "UUID"),
        ({"id": str(uuid.uuid4())}, "nothing"),
        ({"id": str(uuid.uuid4()), "text": " \n "}, "nothing"),
        ({"id": str(uuid.uuid4()), "text": "\0"}, "nothing"),
        ({"id": str(uuid.uuid4()), "text": "x" * 4097}, "4096"),
    ],
)
def test_a_bad_message_is_a_422_with_a_sentence(
    held: Conversation, ana: Agent, data: dict[str, str], word: str
) -> None:
    answer = sign_in(ana).post(address("messages", held), data)
    assert answer.status_code == 422
    assert word in answer.text


def test_exactly_4096_characters_go_out(held: Conversation, ana: Agent) -> None:
    answer = sign_in(ana).post(
        address("messages", held), {"id": str(uuid.uuid4()), "text": "é" * 4096}
    )
    assert answer.status_code == 200


def test_answering_what_is_over_is_a_409_with_a_sentence(held: Conversation, ana: Agent) -> None:
    closing.end(agent=ana, conversation=held, typification=order_status(held.project))
    answer = sign_in(ana).post(
        address("messages", held), {"id": str(uuid.uuid4()), "text": "too late"}
    )
    assert answer.status_code == 409
    assert "over" in answer.text


def test_what_is_over_stays_readable(held: Conversation, ana: Agent) -> None:
    closing.end(agent=ana, conversation=held, typification=order_status(held.project))
    page = sign_in(ana).get(address("conversation", held))
    assert page.status_code == 200
    assert "Where is my lamp?" in page.text


def test_opening_takes_the_dot_away_and_it_stays_away(held: Conversation, ana: Agent) -> None:
    """R28."""
    client = sign_in(ana)
    assert "new-dot" in client.get(address("home", held)).text
    client.get(address("conversation", held))
    assert "new-dot" not in client.get(address("home", held)).text


def test_the_thread_shows_the_20_newest_of_the_contact(
    web: Inbox, held: Conversation, ana: Agent
) -> None:
    """R32: across conversations; the line only when more exist."""
    client = sign_in(ana)
    for number in range(2, 21):
        write(web, held.identity, f"line {number}")
    page = client.get(address("conversation", held))
    assert (page.text.count("<article"), page.context["has_older"]) == (21, False)  # and a template
    write(web, held.identity, "line 21")
    page = client.get(address("conversation", held))
    assert "Where is my lamp?" not in page.text
    oldest = page.context["messages"][0]
    assert "Showing the last 20 messages" in page.text
    older = client.get(address("messages", held), {"before": str(oldest.client_id)})
    assert "Where is my lamp?" in older.text


def test_a_page_of_earlier_messages_offers_the_next_and_is_not_called_the_last_20(
    web: Inbox, held: Conversation, ana: Agent
) -> None:
    client = sign_in(ana)
    for number in range(2, 43):
        write(web, held.identity, f"line {number}")
    oldest = client.get(address("conversation", held)).context["messages"][0]
    older = client.get(address("messages", held), {"before": str(oldest.client_id)})
    assert "Show 20 earlier" in older.text
    assert "Showing the last 20 messages" not in older.text


def test_reading_moves_the_unread_number(web: Inbox, held: Conversation, ana: Agent) -> None:
    client = sign_in(ana)
    client.get(address("conversation", held))
    assert client.post(address("reading", held), {"seq": "1"}).status_code == 204
    assert client.post(address("reading", held), {"seq": "nonsense"}).status_code == 204
    held.refresh_from_db()
    assert held.agent_read_seq == 1


def test_what_the_customer_answered_before_the_chat_stands_beside_it(
    web: Inbox, ana: Agent
) -> None:
    ready(ana)
    (conversation,) = arrivals(web, 1)
    conversation.contact.details = {"Email <b>": "<i>lucia</i>@example.com", "Order": ""}
    conversation.contact.save()
    text = sign_in(ana).get(address("conversation", conversation)).text
    assert "Email &lt;b&gt;" in text
    assert "&lt;i&gt;lucia&lt;/i&gt;@example.com" in text
    assert "<i>lucia" not in text
    assert "Order" not in text.split('id="contact"')[1].split("</aside>")[0]
