"""The console's doors over HTTP, and strangers at each."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from agents.models import Agent
from conversations.models import Conversation, Message
from conversations.tests.desks import OF_THE_PROJECT, address, held, sign_in

__all__ = ["held"]  # a fixture
pytestmark = pytest.mark.django_db

DOORS = [
    ("get", "home", {}),
    ("get", "refresh", {}),
    ("post", "availability", {"state": "available"}),
    ("get", "conversation", {}),
    ("post", "messages", {"text": "let me in"}),
    ("get", "messages", {"before": "0"}),
    ("post", "typing", {}),
    ("post", "reading", {"seq": "1"}),
    ("get", "ending", {}),
    ("post", "ending", {"typification": "1"}),
    ("get", "transfers", {}),
    ("post", "transfers", {"agent": "1"}),
    ("post", "leaving", {}),
    ("get", "transfer-all", {}),
    ("post", "transfer-all", {"agent": "1"}),
]


@pytest.mark.parametrize(("method", "name", "data"), DOORS)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(
    held: Conversation, method: str, name: str, data: dict[str, str]
) -> None:
    answer = getattr(Client(), method)(address(name, held), data)
    assert answer.status_code == 302
    assert answer.url.startswith("/login/?next=")


@pytest.mark.parametrize(("method", "name", "data"), DOORS)
def test_mallory_of_another_project_finds_nothing(
    held: Conversation, mallory: Agent, method: str, name: str, data: dict[str, str]
) -> None:
    answer = getattr(sign_in(mallory), method)(address(name, held), data)
    assert answer.status_code == 404
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "name", "data"), [d for d in DOORS if d[1] not in OF_THE_PROJECT]
)
def test_mallory_cannot_reach_it_through_her_own_project(
    held: Conversation, mallory: Agent, method: str, name: str, data: dict[str, str]
) -> None:
    path = reverse(f"console:{name}", args=[mallory.project.slug, held.pk])
    assert getattr(sign_in(mallory), method)(path, data).status_code == 404


@pytest.mark.parametrize(
    ("method", "name", "data"), [d for d in DOORS if d[1] not in OF_THE_PROJECT]
)
def test_bruno_does_not_see_what_ana_holds(
    held: Conversation, bruno: Agent, method: str, name: str, data: dict[str, str]
) -> None:
    """chatwoot #3272: by default one sees one's own."""
    answer = getattr(sign_in(bruno), method)(address(name, held), data)
    missing = getattr(sign_in(bruno), method)(
        reverse(f"console:{name}", args=[held.project.slug, uuid.uuid4()]), data
    )
    assert (answer.status_code, missing.status_code) == (404, 404)


def test_a_supervisor_without_the_agent_role_is_told_who_can_grant_it(
    held: Conversation, sofia: Agent
) -> None:
    answer = sign_in(sofia).get(address("home", held))
    assert answer.status_code == 403
    assert answer.templates[0].name == "agents/no_access.html"


@pytest.mark.parametrize(("method", "name", "data"), [d for d in DOORS if d[0] == "post"])
def test_every_post_needs_its_csrf_token(
    held: Conversation, ana: Agent, method: str, name: str, data: dict[str, str]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana.user, backend="agents.backends.ModelBackend")
    assert client.post(address(name, held), data).status_code == 403
