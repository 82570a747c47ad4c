"""The console's doors over HTTP: accept, end, refresh, sign out, and what they answer."""

import uuid
from typing import Any

import pytest
from django.conf import LazySettings

from agents import presence
from agents.models import Agent, PauseReason
from contactcenter.testing import arrivals, holder_of, make_agent, order_status, ready, write
from conversations.models import Assignment, Conversation, Inbox, Message, Typification
from conversations.tests.desks import address, held, sign_in

__all__ = ["held"]  # a fixture
pytestmark = pytest.mark.django_db


def test_accepting_without_a_line_is_a_409_with_a_sentence(held: Conversation) -> None:
    carla = make_agent(held.project, "Carla")
    answer = sign_in(carla).post(address("availability", held), {"state": "available"})
    assert answer.status_code == 409
    assert "console" in answer.text


def test_accept_and_stop(web: Inbox, held: Conversation) -> None:
    carla = make_agent(held.project, "Carla")
    presence.arrive(agent=carla, session_key="x")
    client = sign_in(carla)
    assert client.post(address("availability", held), {"state": "available"}).status_code == 200
    assert holder_of(write(web).conversation) == carla
    lunch = {"state": "not_available", "reason": "Lunch"}
    refused = client.post(address("availability", held), lunch)
    assert (refused.status_code, "not offered" in refused.text) == (422, True)
    PauseReason.objects.create(project=held.project, name="Lunch")
    client.post(address("availability", held), lunch)
    carla.refresh_from_db()
    assert (carla.is_available, carla.availability_reason) == (False, "Lunch")
    assert client.post(address("availability", held), {"state": "maybe"}).status_code == 422


def test_ending_needs_a_typification_and_says_who_comes_in(
    web: Inbox, held: Conversation, ana: Agent
) -> None:
    client, path = sign_in(ana), address("ending", held)
    arrivals(web, 5)
    (seventh,) = arrivals(web, 1)
    assert client.post(path, headers={"hx-request": "true"}).status_code == 422
    typification = order_status(held.project)
    answer = client.post(path, {"typification": typification.pk}, headers={"hx-request": "true"})
    assert answer.status_code == 204
    assert str(seventh.pk) in answer.headers["HX-Trigger"]
    held.refresh_from_db()
    assert not held.is_open
    again = client.post(path, {"typification": typification.pk}, headers={"hx-request": "true"})
    assert again.status_code == 409


def test_a_complaint_asks_for_a_comment_and_keeps_what_was_chosen(
    held: Conversation, ana: Agent
) -> None:
    complaint = Typification.objects.get(project=held.project, name="Complaint")
    answer = sign_in(ana).post(
        address("ending", held), {"typification": complaint.pk}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 422
    assert answer.context["chosen"] == complaint


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "9" * 30, "1 OR 1=1"])
def test_a_nonsense_typification_is_a_422_and_keeps_what_was_typed(
    held: Conversation, ana: Agent, value: str
) -> None:
    typed = {"typification": value, "comment": "Called <twice>"}
    answer = sign_in(ana).post(address("ending", held), typed, headers={"hx-request": "true"})
    assert answer.status_code == 422
    assert 'value="Called &lt;twice&gt;"' in answer.text


def test_a_console_that_comes_back_with_nothing_open_costs_seven_statements(
    held: Conversation, ana: Agent, django_assert_num_queries: Any
) -> None:
    """Session, user, agent, revision, list, figures, what colleagues wrote: after a restart a
    thousand ask at once."""
    client, path = sign_in(ana), address("refresh", held)
    with django_assert_num_queries(7):
        page = client.get(path)
    assert f'id="conversation-{held.pk}"' in page.content.decode()


def test_the_refresh_is_made_of_the_same_fragments(held: Conversation, ana: Agent) -> None:
    client = sign_in(ana)
    page = client.get(address("refresh", held), {"conversation": str(held.pk), "after": "0"})
    assert page.headers["X-Revision"].isdecimal()
    for element in ("items", "figures", "waiting", "availability", "slots"):
        assert f'id="{element}"' in page.text
    message = held.messages.get()
    assert f'id="message-{message.client_id}"' in page.text


def test_sign_out_ends_the_agents_presence(held: Conversation, ana: Agent) -> None:
    client = sign_in(ana)
    assert client.get("/logout/").status_code == 200  # only asks
    presence.arrive(agent=ana, session_key=client.session.session_key)
    Agent.objects.filter(pk=ana.pk).update(is_available=True)
    ana.consoles.exclude(session_key=client.session.session_key).delete()
    client.post("/logout/")  # with something open: only asks
    assert Agent.objects.filter(pk=ana.pk).online().exists()
    client.post("/logout/", {"leave": "all"})
    assert not Agent.objects.filter(pk=ana.pk).online().exists()
    assert not Assignment.objects.filter(agent=ana, ended_at=None).exists()  # nobody waits for her


def test_without_a_script_every_post_answers_with_a_page(web: Inbox, ana: Agent) -> None:
    """A browser's own form: redirected where it worked, a page with the sentence where not."""
    ready(ana)
    conversation = write(web).conversation
    client, form = sign_in(ana), {"accept": "text/html,application/xhtml+xml"}

    def post(name: str, **data: object) -> int:
        return client.post(address(name, conversation), data, headers=form).status_code

    assert post("availability", state="not_available") == 302
    assert post("messages", id=str(uuid.uuid4()), text="On its way") == 302
    assert post("messages", id="nonsense", text="x") == 422
    assert "<html" in client.get(address("ending", conversation), headers=form).text
    assert post("ending") == 422
    assert post("ending", typification=order_status(conversation.project).pk) == 302
    assert post("messages", id=str(uuid.uuid4()), text="too late") == 409


def test_too_fast_is_a_429_that_says_when_to_come_again(
    held: Conversation, ana: Agent, bruno: Agent, settings: LazySettings
) -> None:
    """All tabs and doors of an agent together; a colleague is not slowed."""
    settings.LIMIT_AGENT_BURST, settings.LIMIT_AGENT_PER_MINUTE = 3, 6
    desk, tab = sign_in(ana), sign_in(ana)
    for client in (desk, tab, desk):
        assert client.post(address("typing", held)).status_code == 204
    refused = tab.post(address("messages", held), {"id": str(uuid.uuid4()), "text": "too fast"})
    assert refused.status_code == 429
    assert refused.text == "That was too fast. Wait a moment; nothing you wrote is lost."
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert not Message.objects.filter(author="agent").exists()
    assert desk.get(address("refresh", held)).status_code == 429
    page = desk.get(address("home", held), headers={"accept": "text/html"})
    assert (page.status_code, page.templates[0].name) == (429, "429.html")
    assert sign_in(bruno).get(address("home", held)).status_code == 200
