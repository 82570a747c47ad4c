"""The customer's socket, to the letter of its contract."""

import asyncio
import uuid

import pytest
from asgiref.sync import sync_to_async

from agents.models import Agent
from contactcenter.testing import order_status, ready
from conversations import attending, closing, outbound
from conversations.models import Contact, Conversation, Identity, Inbox, Message
from conversations.tests.sockets import Line, until, webchat

pytestmark = pytest.mark.django_db(transaction=True)


async def test_hello_write_answer_end_and_write_again(web: Inbox, ana: Agent) -> None:
    await sync_to_async(ready)(ana)
    lucia = webchat(web)
    await lucia.connect()
    welcome = await lucia.hello()
    assert (welcome["state"], welcome["conversation"], welcome["messages"]) == ("new", None, [])
    ack = await lucia.write("Where is my lamp?")
    assert ack["seq"] == 1
    assigned = await lucia.hear("state")
    while assigned["state"] != "assigned":
        assigned = await lucia.hear("state")
    assert assigned["agent"] == {"name": "Ana"}
    conversation = await Conversation.objects.select_related("project").aget()
    await sync_to_async(outbound.send)(
        agent=ana, conversation=conversation, client_id=uuid.uuid4(), text="On its way"
    )
    answer = await lucia.hear("message")
    while answer["from"] != "agent":
        answer = await lucia.hear("message")
    assert (answer["seq"], answer["name"], answer["text"]) == (2, "Ana", "On its way")
    typification = await sync_to_async(order_status)(conversation.project)
    await sync_to_async(closing.end)(
        agent=ana, conversation=conversation, typification=typification
    )
    assert (await lucia.hear("state"))["state"] == "ended"
    again = await lucia.write("One more thing")
    assert again["conversation"] != ack["conversation"]
    await lucia.disconnect()


async def test_no_row_is_written_before_the_first_message(web: Inbox) -> None:
    lucia = webchat(web)
    await lucia.connect()
    await lucia.hello()
    assert await Contact.objects.acount() == 0
    await lucia.write()
    assert (await Contact.objects.aget()).name == "Lucía"
    await lucia.disconnect()


async def test_the_same_id_twice_is_one_message_and_the_same_ack(web: Inbox) -> None:
    lucia = webchat(web)
    await lucia.connect()
    await lucia.hello()
    name = uuid.uuid4()
    assert await lucia.write("Hello", name) == await lucia.write("Hello", name)
    assert await Message.objects.acount() == 1
    await lucia.disconnect()


async def test_the_line_is_cut_and_the_token_brings_everything_back(web: Inbox, ana: Agent) -> None:
    """P-09: the page had seen the first message; hello with its token brings the rest."""
    lucia = webchat(web)
    await lucia.connect()
    token = (await lucia.hello())["token"]
    ack = await lucia.write("one")
    await lucia.write("two")
    await lucia.disconnect()
    back = webchat(web)
    await back.connect()
    welcome = await back.hello(token=token, conversation=ack["conversation"], after=1)
    assert [m["text"] for m in welcome["messages"]] == ["two"]
    assert (welcome["state"], welcome["position"]) == ("queued", 1)
    assert await Contact.objects.acount() == 1
    await back.disconnect()


async def test_the_rest_of_an_ended_conversation_comes_before_the_new_one(
    web: Inbox, ana: Agent
) -> None:
    lucia = webchat(web)
    await lucia.connect()
    token = (await lucia.hello())["token"]
    old = await lucia.write("old 1")
    await lucia.write("old 2")
    conversation = await Conversation.objects.aget()
    await sync_to_async(closing.abandon)(conversation=conversation)
    await lucia.write("new 1")
    welcome = await lucia.hello(token=token, conversation=old["conversation"], after=1)
    assert [m["text"] for m in welcome["messages"]] == ["old 2", "new 1"]
    await lucia.disconnect()


async def test_the_sixth_page_of_a_visitor_replaces_the_first(web: Inbox) -> None:
    lines = [webchat(web) for _ in range(6)]
    await lines[0].connect()
    token = (await lines[0].hello())["token"]
    await lines[0].write()
    for line in lines[1:]:
        await line.connect()
        await line.hello(token=token)
    closed = [await was_replaced(line) for line in lines]
    assert closed.count(True) == 1
    for line, gone in zip(lines, closed, strict=True):
        if not gone:
            await line.disconnect()


async def was_replaced(line: Line) -> bool:
    while not await line.receive_nothing(0.3):
        event = await line.receive_output()
        if event["type"] == "websocket.close":
            return bool(event["code"] == 4409)
    return False


async def test_leaving_the_queue_moves_the_next_one_up(web: Inbox) -> None:
    first, second = webchat(web), webchat(web)
    for line in (first, second):
        await line.connect()
        await line.hello()
        await line.write()
    assert (await second.hear("queue"))["position"] == 2
    await first.say(type="end")
    assert (await second.hear("queue"))["position"] == 1
    for line in (first, second):
        await line.disconnect()


async def test_both_sides_see_typing_and_reading(web: Inbox, ana: Agent) -> None:
    await sync_to_async(ready)(ana)
    lucia = webchat(web)
    await lucia.connect()
    await lucia.hello()
    await lucia.write()
    conversation = await Conversation.objects.select_related("identity").aget()
    await sync_to_async(attending.typing)(agent=ana, conversation=conversation)
    await lucia.hear("typing")
    await sync_to_async(attending.read)(agent=ana, conversation=conversation, seq=1)
    read = await lucia.hear("delivery")
    assert (read["state"], read["seq"]) == ("read", 1)
    await lucia.say(type="read", seq=1)
    await lucia.say(type="typing")
    await until(lambda: Conversation.objects.filter(contact_read_seq=1).exists())
    await lucia.disconnect()


async def test_two_tabs_that_write_their_first_line_at_once_are_one_person(web: Inbox) -> None:
    lines = [webchat(web) for _ in range(3)]
    for line in lines:
        await line.connect()
    token = (await lines[0].hello())["token"]
    for line in lines[1:]:
        await line.hello(token=token)
    acks = await asyncio.gather(*(line.write() for line in lines))
    assert len({ack["conversation"] for ack in acks}) == 1
    assert await Identity.objects.acount() == 1
    for line in lines:
        await line.disconnect()
