"""The form before the chat: asked once, answered before the first line, kept with the contact."""

import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from agents.models import Agent
from conversations import closing
from conversations.models import Contact, Conversation, FormField, Inbox, Message
from conversations.tests.sockets import Line, webchat

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fields(web: Inbox) -> dict[str, FormField]:
    asked = [("Your name", "name", True), ("Email", "email", True), ("Order", "text", False)]
    return {
        label: FormField.objects.create(
            inbox=web, label=label, kind=kind, is_required=needed, position=place
        )
        for place, (label, kind, needed) in enumerate(asked)
    }


def answers(fields: dict[str, FormField], **given: Any) -> dict[str, Any]:
    named = {"name": "Your name", "email": "Email", "order": "Order"}
    return {str(fields[named[key]].pk): value for key, value in given.items()}


async def opened(inbox: Inbox) -> Line:
    line = webchat(inbox)
    await line.connect()
    return line


async def test_nothing_is_asked_without_fields(web: Inbox) -> None:
    lucia = await opened(web)
    assert (await lucia.hello())["form"] is None
    await lucia.disconnect()


async def test_lucia_answers_and_her_answers_are_kept(
    web: Inbox, fields: dict[str, FormField]
) -> None:
    lucia = await opened(web)
    asked = (await lucia.hello(name=""))["form"]
    assert [(f["label"], f["kind"], f["required"], f["error"]) for f in asked] == [
        ("Your name", "name", True, None),
        ("Email", "email", True, None),
        ("Order", "text", False, None),
    ]
    form = answers(fields, name=" Lucía  Paz\n", email="lucia@example.com", order="")
    assert (await lucia.hello(name="", form=form))["form"] is None
    assert await Contact.objects.acount() == 0
    await lucia.write("Hello")
    contact = await Contact.objects.aget()
    assert contact.name == "Lucía Paz"
    assert contact.details == {"Your name": "Lucía Paz", "Email": "lucia@example.com", "Order": ""}
    await lucia.disconnect()
