"""Customers and their conversations in the supervisors' site: found, looked at, hardly changed."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents.models import Agent, Project
from agents.tests.supervising import page, site
from contactcenter.testing import arrivals, make_inbox, order_status, ready, write
from conversations import closing, outbound, routing
from conversations.models import (
    Assignment,
    Contact,
    Delivery,
    Identity,
    Inbox,
    Message,
    QueueEntry,
)

__all__ = ["site"]  # a fixture
pytestmark = pytest.mark.django_db

READ_ONLY = ["conversation", "queueentry", "assignment", "delivery"]


# Finding somebody


@pytest.mark.parametrize("model", ["contact", "conversation"])
@pytest.mark.parametrize("words", ["ía rom", "ROMERO", "mer lucí", "WEB-8f3k2a", " web-8F3K2A "])
def test_a_customer_is_found_by_any_part_of_the_name_or_by_the_whole_id(
    site: Client, web: Inbox, model: str, words: str
) -> None:
    lucia, _pablo = (write(web).conversation for _ in range(2))
    Contact.objects.filter(pk=lucia.contact_id).update(name="Lucía Romero")
    Identity.objects.filter(pk=lucia.identity_id).update(value="web-8F3K2A")
    found = site.get(page(model, "changelist"), {"q": words}).context["cl"].result_list
    assert [str(row) for row in found] == ["Lucía Romero"]


@pytest.mark.parametrize("model", ["contact", "conversation"])
@pytest.mark.parametrize("words", ["Lucía Gómez", "web-8F3K"])
def test_half_an_id_and_another_surname_find_nobody(
    site: Client, web: Inbox, model: str, words: str
) -> None:
    lucia = write(web).conversation
    Contact.objects.filter(pk=lucia.contact_id).update(name="Lucía Romero")
    Identity.objects.filter(pk=lucia.identity_id).update(value="web-8F3K2A")
    assert not site.get(page(model, "changelist"), {"q": words}).context["cl"].result_list


def test_contacts_are_narrowed_to_a_language_that_some_of_them_speak(
    site: Client, shop: Project, mallory: Agent
) -> None:
    for name, language in [("Lucía", "es"), ("Jean", "fr"), ("Nobody", "")]:
        Contact.objects.create(project=shop, name=name, language=language)
    Contact.objects.create(project=mallory.project, name="Mika", language="fi")
    asked = site.get(page("contact", "changelist"), {"language": "fr"}).context["cl"]
    assert [str(row) for row in asked.result_list] == ["Jean"]
    (languages,) = [each for each in asked.filter_specs if each.title == "language"]
    assert languages.lookup_choices == [("es", "es"), ("fr", "fr")]


def test_no_list_of_contacts_reads_them_all(site: Client, web: Inbox) -> None:
    write(web)
    with CaptureQueriesContext(connection) as asked:
        site.get(page("contact", "changelist"))
    contacts = [
        q["sql"] for q in asked.captured_queries if 'FROM "conversations_contact"' in q["sql"]
    ]
    assert contacts
    assert not any("DISTINCT" in sql for sql in contacts)


# History


def test_a_conversation_tells_its_whole_story(site: Client, web: Inbox, ana: Agent) -> None:
    """Who said what, how long it waited, who had it and why."""
    ready(ana)
    message = write(web, text="<b>Where</b> is my lamp?")
    conversation = message.conversation
    outbound.send(
        agent=ana, conversation=conversation, client_id=message.client_id, text="On its way"
    )
    closing.end(agent=ana, conversation=conversation, typification=order_status(web.project))
    text = site.get(page("conversation", "change", conversation.pk)).text
    assert "&lt;b&gt;Where&lt;/b&gt; is my lamp?" in text
    assert "On its way" in text
    assert "Ana had 0 open conversations and was the only one ready." in text
    assert "Order status" in text


def test_why_it_waits_stands_in_the_queue_entry(site: Client, web: Inbox, ana: Agent) -> None:
    arrivals(web, 1)
    entry = QueueEntry.objects.get()
    text = site.get(page("queueentry", "change", entry.pk)).text
    assert "None of its agents is connected." in text


def test_why_names_those_who_were_passed_over(
    site: Client, web: Inbox, ana: Agent, bruno: Agent
) -> None:
    ready(ana)
    arrivals(web, 1)
    text = site.get(page("assignment", "changelist")).text
    assert "Passed over: Bruno (not available)." in text


@pytest.mark.parametrize("model", READ_ONLY)
def test_history_is_never_added_to_or_changed_by_hand(
    site: Client, web: Inbox, ana: Agent, model: str
) -> None:
    ready(ana)
    (conversation,) = arrivals(web, 1)
    assert site.get(page(model, "add")).status_code == 403
    row = {
        "conversation": conversation,
        "queueentry": conversation.queue_entries.get(),
        "assignment": conversation.assignments.get(),
        "delivery": Delivery.objects.create(
            message=conversation.messages.get(), due_at=conversation.started_at
        ),
    }[model]
    assert site.post(page(model, "change", row.pk), {"comment": "forged"}).status_code == 403
    assert site.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(("state", "count"), [("queued", 2), ("assigned", 1), ("ended", 1)])
def test_conversations_are_found_by_their_state(
    site: Client, web: Inbox, ana: Agent, state: str, count: int
) -> None:
    Agent.objects.filter(pk=ana.pk).update(capacity=1)
    ready(ana)
    first, *_ = arrivals(web, 4)
    closing.end(agent=ana, conversation=first, typification=order_status(web.project))
    listed = site.get(page("conversation", "changelist"), {"state": state})
    assert listed.context["cl"].result_count == count


def test_a_customers_secret_is_nowhere(site: Client, lucia: Identity) -> None:
    text = site.get(page("contact", "change", lucia.contact_id)).text
    assert lucia.value in text
    assert lucia.secret not in text
    values = {"name": "Lucía", "language": "en", "secret": "x", "value": "web-FORGED"}
    site.post(page("contact", "change", lucia.contact_id), values)
    assert Identity.objects.get(pk=lucia.pk).value == lucia.value


def test_a_customers_name_can_be_put_right(site: Client, lucia: Identity) -> None:
    site.post(page("contact", "change", lucia.contact_id), {"name": "Lucía Ramos"})
    assert Contact.objects.get(pk=lucia.contact_id).name == "Lucía Ramos"


def test_what_was_answered_before_the_chat_stands_on_the_contacts_page(
    site: Client, web: Inbox, lucia: Identity
) -> None:
    lucia.contact.details = {"Email": "<i>lucia</i>@example.com", "Order": ""}
    lucia.contact.save()
    text = site.get(page("contact", "change", lucia.contact_id)).text
    assert "Email: &lt;i&gt;lucia&lt;/i&gt;@example.com" in text
    assert "Order" not in text


def test_lists_ask_the_same_number_of_questions_however_long_they_are(
    site: Client, shop: Project, web: Inbox, ana: Agent, django_assert_max_num_queries: Any
) -> None:
    ready(ana)
    make_inbox(web.campaign)
    arrivals(web, 9)
    routing.fill(shop.pk)
    assert Assignment.objects.count() == 6
    assert Message.objects.count() == 9
    for model in ("conversation", "queueentry", "assignment", "contact", "inbox"):
        with django_assert_max_num_queries(20):
            site.get(page(model, "changelist"))
