"""Ana opens a conversation: the page asks only for what there is."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents import access as people
from agents.models import Agent, Project
from contactcenter.testing import make_customer, make_inbox, order_status, ready, write
from conversations import access, closing, noting, transferring
from conversations.holding import holding_of
from conversations.models import Contact, Conversation, Identity, Inbox
from conversations.views import console
from conversations.views.doors import AgentRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(web: Inbox, lucia: Identity, ana: Agent) -> Conversation:
    ready(ana)
    return write(web, lucia, text="Where is my lamp?").conversation


def opened(agent: Agent, conversation: Conversation) -> str:
    return sign_in(agent).get(address(conversation)).text


def sign_in(agent: Agent) -> Client:
    client = Client(headers={"hx-request": "true"})
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


def address(conversation: Conversation) -> str:
    return reverse("console:conversation", args=[conversation.project.slug, conversation.pk])


def end(agent: Agent, conversation: Conversation) -> None:
    closing.end(
        agent=agent, conversation=conversation, typification=order_status(conversation.project)
    )


def test_with_nothing_beside_it_a_thread_costs_ten_statements(
    held: Conversation, ana: Agent, django_assert_num_queries: Any
) -> None:
    """Session, user, agent, the gate, how she stands to it (before the green dot goes, and after),
    messages, ids and fields, what the channel takes."""
    client, path = sign_in(ana), address(held)
    client.get(path)  # the green dot goes once
    with django_assert_num_queries(10):
        assert "Where is my lamp?" in client.get(path).text


def test_the_gate_brings_all_that_a_page_says_of_a_conversation(
    held: Conversation, ana: Agent, django_assert_num_queries: Any
) -> None:
    Contact.objects.update(details={"Order": "A-1001"}, language="es")
    Inbox.objects.update(origins=["https://shop.example"])
    stored = Conversation.objects.get(pk=held.pk)
    with django_assert_num_queries(1):
        found = access.conversation_for(ana, held.pk)
        assert found.contact.details == {"Order": "A-1001"}
        assert found.inbox.origins == ["https://shop.example"]
        names = (found.identity.pk, found.campaign.pk, found.project.pk, found.contact.language)
    assert names == (stored.identity_id, stored.campaign_id, stored.project_id, "es")
    assert found.is_open
    for field in Conversation._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(stored, field.attname)


def test_how_an_agent_stands_to_what_they_serve(held: Conversation, ana: Agent) -> None:
    holding = holding_of(ana, held)
    stored = held.assignments.get()
    assert holding.assignment == stored
    assert holding.assignment.reason == stored.reason != {}
    assert (holding.assignment.agent, holding.assignment.queue_entry) == (ana, stored.queue_entry)
    assert (holding.is_mine, holding.is_new) == (True, True)
    assert not (holding.has_notes or holding.has_offers)
    opened(ana, held)
    assert (holding_of(ana, held).is_mine, holding_of(ana, held).is_new) == (True, False)


def test_what_is_open_elsewhere_is_not_of_before(
    held: Conversation, lucia: Identity, ana: Agent
) -> None:
    write(make_inbox(held.campaign), lucia)
    assert not holding_of(ana, held).has_previous


def test_it_is_the_last_time_they_served_it_that_counts(
    held: Conversation, ana: Agent, bruno: Agent
) -> None:
    assert holding_of(bruno, held).assignment is None
    assert not holding_of(bruno, held).is_mine
    first = held.assignments.get()
    held.assignments.update(ended_at=first.started_at, outcome="released")
    again = held.assignments.create(
        project=held.project, campaign=held.campaign, agent=ana, started_at=first.started_at
    )
    holding = holding_of(ana, held)
    assert (holding.assignment, holding.is_mine) == (again, True)
    assert again.queue_entry is None


def test_what_is_over_is_nobodys_and_still_read(held: Conversation, ana: Agent) -> None:
    end(ana, held)
    holding = holding_of(ana, held)
    assert holding.assignment
    assert not (holding.is_mine or holding.is_new or holding.has_previous)
    assert "Order status" in opened(ana, held)


@pytest.mark.parametrize("outcome", ["transferred", "released", "missed"])
def test_what_they_gave_away_is_not_theirs_to_open(
    held: Conversation, ana: Agent, outcome: str
) -> None:
    held.assignments.update(ended_at=held.started_at, outcome=outcome)
    assert sign_in(ana).get(address(held)).status_code == 404


def test_notes_offers_and_what_was_before_are_asked_for_where_there_are_any(
    held: Conversation, web: Inbox, lucia: Identity, ana: Agent, bruno: Agent
) -> None:
    write(web, make_customer(web))  # somebody else's has nothing to do with it
    end(ana, held)
    now = write(web, lucia, text="And now?").conversation
    assert holding_of(ana, now).has_previous
    assert reverse("console:archived", args=[now.project.slug, held.pk]) in opened(ana, now)
    noting.write(agent=ana, conversation=now, client_id=now.pk, text="Prefers mornings")
    assert holding_of(ana, now).has_notes
    assert "Prefers mornings" in opened(ana, now)
    Project.objects.update(transfers_are_offers=True)
    now.project.refresh_from_db()
    ready(bruno)
    transferring.to_agent(agent=ana, conversation=now, taker=bruno)
    assert holding_of(ana, now).has_offers
    assert not holding_of(bruno, now).has_offers
    assert "Offered to Bruno" in opened(ana, now)


def test_what_came_while_the_page_was_made_is_on_it(
    held: Conversation, ana: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page's number was read before: the push of it would be taken for older than the page."""
    page = console.page

    def and_a_note(request: AgentRequest) -> dict[str, Any]:
        found = page(request)
        noting.write(agent=ana, conversation=held, client_id=held.pk, text="Prefers mornings")
        return found

    monkeypatch.setattr(console, "page", and_a_note)
    client = sign_in(ana)
    whole = client.get(address(held), headers={"hx-request": ""}).text
    assert "data-revision" in whole
    assert "Prefers mornings" in whole


def test_what_stands_around_a_console(shop: Project, ana: Agent, mallory: Agent) -> None:
    assert people.around(ana) == (["Support"], 1)
    ana.campaigns.add(shop.campaigns.create(name="After-sales"))
    Agent.objects.create(user=ana.user, project=mallory.project, is_active=True)
    assert people.around(ana) == (["After-sales", "Support"], 2)
    Agent.objects.filter(project=mallory.project).update(is_active=False)
    assert people.around(ana)[1] == 1
