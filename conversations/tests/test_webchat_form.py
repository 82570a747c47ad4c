"""The form before the chat: asked once, answered before the first line, kept with the contact."""

import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from agents.models import Agent
from conversations import closing
from conversations.models import Contact, Conversation, FormField, Inbox
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


@pytest.mark.parametrize(
    ("field", "kind", "text", "is_taken"),
    [
        ("Your name", "name", "  ", False),
        ("Your name", "name", "\u202e", False),
        ("Your name", "name", {"$ne": 1}, False),
        ("Your name", "name", "x" * 201, False),
        ("Your name", "name", "x" * 200, True),
        ("Email", "email", "lucia", False),
        ("Email", "email", "lucia@example.com\x00", True),
        ("Email", "email", "", True),  # not required
        ("Phone", "phone", "call me", False),
        ("Phone", "phone", "12345", False),
        ("Phone", "phone", "1" * 16, False),
        ("Phone", "phone", "+54 (11) 5555-0101", True),
        ("Phone", "phone", "", True),
        ("Note", "text", "<script>alert(1)</script> {{ 7*7 }}", True),
    ],
)
async def test_an_answer_is_taken_or_refused_with_a_sentence(
    web: Inbox, field: str, kind: str, text: Any, is_taken: bool
) -> None:
    needed = kind == "name"
    asked = await FormField.objects.acreate(inbox=web, label=field, kind=kind, is_required=needed)
    lucia = await opened(web)
    form = (await lucia.hello(name="", form={str(asked.pk): text}))["form"]
    if is_taken:
        assert form is None
    else:
        assert form[0]["error"].endswith(".")
    await lucia.disconnect()


@pytest.mark.parametrize("form", [[], "no", 7, {"999": "x"}, {"": {}}, {"a" * 5000: "b"}])
async def test_a_form_that_is_none_answers_nothing(
    web: Inbox, fields: dict[str, FormField], form: Any
) -> None:
    lucia = await opened(web)
    assert len((await lucia.hello(name="", form=form))["form"]) == 3
    await lucia.disconnect()


async def test_nothing_is_stored_before_the_form_is_answered(
    web: Inbox, fields: dict[str, FormField]
) -> None:
    lucia = await opened(web)
    token = (await lucia.hello(name=""))["token"]
    name = str(uuid.uuid4())
    await lucia.say(type="message", id=name, text="Hello")
    error = await lucia.hear("error")
    assert (error["code"], error["id"]) == ("form_first", name)
    assert error["detail"]
    assert await Contact.objects.acount() == 0
    form = answers(fields, name="Lucía", email="lucia@example.com")
    await lucia.hello(token=token, name="", form=form)
    assert (await lucia.write("Hello", uuid.UUID(name)))["seq"] == 1
    await lucia.disconnect()


async def test_whoever_answered_before_is_not_asked_again_but_may_answer_anew(
    web: Inbox, fields: dict[str, FormField]
) -> None:
    lucia = await opened(web)
    form = answers(fields, name="Lucía", email="lucia@example.com")
    token = (await lucia.hello(form=form))["token"]
    await lucia.write()
    await lucia.disconnect()
    await end()
    back = await opened(web)
    assert (await back.hello(token=token, name=""))["form"] is None
    await back.hello(token=token, name="", form=answers(fields, name="Lucía Paz"))
    await back.hello(token=token, name="", form=answers(fields, email="nonsense"))
    contact = await Contact.objects.aget()
    assert (contact.name, contact.details["Email"]) == ("Lucía Paz", "lucia@example.com")
    await back.disconnect()
    again = await opened(web)
    await again.hello(token=token, name="")
    assert (await again.write("again"))["seq"] == 1
    await again.disconnect()


async def test_during_a_conversation_nothing_is_asked_and_after_it_the_form_stands(
    web: Inbox,
) -> None:
    """The supervisor added the form while Lucía was waiting."""
    lucia = await opened(web)
    token = (await lucia.hello())["token"]
    await lucia.write()
    await FormField.objects.acreate(inbox=web, label="Order", kind="text")
    assert (await lucia.hello(token=token))["form"] is None
    assert (await lucia.write("still here"))["seq"] == 2
    await end()
    await lucia.say(type="message", id=str(uuid.uuid4()), text="One more thing")
    assert (await lucia.hear("error"))["code"] == "form_first"
    assert len((await lucia.hello(token=token))["form"]) == 1
    assert await Conversation.objects.acount() == 1
    await lucia.disconnect()


async def test_what_one_page_answered_counts_for_the_other(
    web: Inbox, fields: dict[str, FormField]
) -> None:
    first, second = await opened(web), await opened(web)
    form = answers(fields, name="Lucía", email="lucia@example.com")
    token = (await first.hello(form=form))["token"]
    assert (await second.hello(token=token, name=""))["form"]
    ack = await first.write("one")
    assert (await second.write("two"))["conversation"] == ack["conversation"]
    for line in (first, second):
        await line.disconnect()


async def test_a_name_the_site_knows_is_not_asked(web: Inbox) -> None:
    await FormField.objects.acreate(inbox=web, label="Your name", kind="name")
    lucia = await opened(web)
    assert (await lucia.hello(name="Lucía"))["form"] is None
    await lucia.disconnect()


async def test_optional_questions_are_shown_once(web: Inbox) -> None:
    await FormField.objects.acreate(inbox=web, label="Order", kind="text", is_required=False)
    lucia = await opened(web)
    welcome = await lucia.hello()
    assert welcome["form"][0]["required"] is False
    assert (await lucia.hello(token=welcome["token"], form={}))["form"] is None
    await lucia.write()
    await end()
    assert (await lucia.hello(token=welcome["token"]))["form"] is None
    await lucia.disconnect()


async def test_another_token_on_the_same_line_is_another_person(
    web: Inbox, fields: dict[str, FormField]
) -> None:
    line = await opened(web)
    form = answers(fields, name="Lucía", email="lucia@example.com")
    assert (await line.hello(form=form))["form"] is None
    assert (await line.hello(name=""))["form"]
    await line.disconnect()


async def test_mallorys_channel_does_not_ask_or_know_the_shops_questions(
    web: Inbox, fields: dict[str, FormField], mallory: Agent
) -> None:
    clinic = await Inbox.objects.aget(project=mallory.project_id)
    await FormField.objects.acreate(inbox=clinic, label="Card", kind="text")
    line = await opened(clinic)
    form = answers(fields, name="x", email="x@example.com", order="7")
    assert [f["label"] for f in (await line.hello(form=form))["form"]] == ["Card"]
    await line.disconnect()


async def test_refusals_come_in_the_customers_language(
    web: Inbox, fields: dict[str, FormField]
) -> None:
    lines = {"en": await opened(web), "es": await opened(web)}
    told = {
        language: (await line.hello(name="", language=language, form={}))["form"][0]["error"]
        for language, line in lines.items()
    }
    assert told["en"] == "Please fill this in."
    for line in lines.values():
        await line.disconnect()


@sync_to_async
def end() -> None:
    """Whatever is open is over."""
    for conversation in Conversation.objects.filter(ended_at=None):
        closing.abandon(conversation=conversation)
