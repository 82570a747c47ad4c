"""The console's doors over HTTP: what they do, what they answer, and strangers at each."""

import uuid
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from agents import presence
from agents.models import Agent, PauseReason
from contactcenter.testing import arrivals, holder_of, make_agent, order_status, ready, write
from conversations import closing
from conversations.models import Assignment, Conversation, Inbox, Message, Typification

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
OF_THE_PROJECT = {"home", "refresh", "availability", "transfer-all"}


def sign_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


def address(name: str, conversation: Conversation) -> str:
    slug = conversation.project.slug
    return reverse(
        f"console:{name}", args=[slug] if name in OF_THE_PROJECT else [slug, conversation.pk]
    )


@pytest.fixture
def held(web: Inbox, ana: Agent) -> Conversation:
    """A conversation that Ana serves."""
    ready(ana)
    return write(web, text="Where is my lamp?").conversation


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


def test_a_complaint_asks_for_a_comment_and_keeps_what_was_typed(
    held: Conversation, ana: Agent
) -> None:
    complaint = Typification.objects.get(project=held.project, name="Complaint")
    answer = sign_in(ana).post(
        address("ending", held), {"typification": complaint.pk}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 422
    assert answer.context["chosen"] == complaint


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "9" * 30, "1 OR 1=1"])
def test_a_nonsense_typification_is_a_422(held: Conversation, ana: Agent, value: str) -> None:
    answer = sign_in(ana).post(
        address("ending", held), {"typification": value}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 422


def test_reading_moves_the_unread_number(web: Inbox, held: Conversation, ana: Agent) -> None:
    client = sign_in(ana)
    client.get(address("conversation", held))
    assert client.post(address("reading", held), {"seq": "1"}).status_code == 204
    assert client.post(address("reading", held), {"seq": "nonsense"}).status_code == 204
    held.refresh_from_db()
    assert held.agent_read_seq == 1


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
