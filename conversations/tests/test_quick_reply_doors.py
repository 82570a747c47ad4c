"""The doors of quick replies: kept on their page, offered in a conversation."""

import uuid

import pytest
from django.urls import reverse

from agents.models import Agent
from contactcenter.testing import make_agent, ready, write
from conversations import quick_replies
from conversations.models import Conversation, Inbox, Message, QuickReply
from conversations.tests.test_noting_doors import HTMX, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(web: Inbox, ana: Agent) -> Conversation:
    ready(ana)
    return write(web, text="Where is my lamp?").conversation


def test_quick_replies_are_kept_changed_and_deleted_on_their_page(
    held: Conversation, ana: Agent
) -> None:
    client, page = sign_in(ana), reverse("console:replies", args=[held.project.slug])
    form = {"shortcut": "/hi", "text": "Hello {contact}"}
    assert client.post(page, form, headers={"accept": "text/html"}).status_code == 302
    reply = QuickReply.objects.get()
    assert (reply.shortcut, reply.agent, reply.project) == ("hi", ana, held.project)
    assert "<title>Quick replies · Contact Center</title>" in client.get(page).text
    refused = client.post(page, form, headers=HTMX)
    assert refused.status_code == 422
    assert "there already" in refused.text and "Hello {contact}" in refused.text
    one = reverse("console:reply", args=[held.project.slug, reply.pk])
    assert 'value="hi"' in client.get(one, headers=HTMX).text
    saved = client.post(one, {"shortcut": "hey", "text": "Hey"}, headers=HTMX)
    assert (saved.status_code, saved.headers["HX-Push-Url"]) == (200, page)
    offered = client.get(f"{held.get_absolute_url()}replies/").text
    assert 'data-shortcut="hey"' in offered and 'data-text="Hey"' in offered
    gone = client.post(f"{one}deletion/", headers=HTMX)
    assert gone.status_code == 200 and not QuickReply.objects.exists()
    assert client.post(one, form, headers=HTMX).status_code == 404


def test_sharing_is_a_supervisors_whatever_the_form_says(held: Conversation, ana: Agent) -> None:
    page = reverse("console:replies", args=[held.project.slug])
    form = {"shortcut": "hi", "text": "Hello", "audience": "all"}
    assert sign_in(ana).post(page, form, headers=HTMX).status_code == 422
    vera = make_agent(held.project, "Vera", is_supervisor=True)
    assert sign_in(vera).post(page, form, headers=HTMX).status_code == 200
    shared = QuickReply.objects.get()
    assert shared.agent is None
    one = reverse("console:reply", args=[held.project.slug, shared.pk])
    for answer in (
        sign_in(ana).get(one),
        sign_in(ana).post(one, form),
        sign_in(ana).post(f"{one}deletion/"),
    ):
        assert answer.status_code == 404
    assert "Hello" in sign_in(ana).get(page).text


@pytest.mark.parametrize("audience", ["0", "9" * 30, "-1", "x", "", "1 OR 1=1"])
def test_a_campaign_that_is_not_there_is_nothing(held: Conversation, audience: str) -> None:
    vera = make_agent(held.project, "Vera", is_supervisor=True)
    page = reverse("console:replies", args=[held.project.slug])
    form = {"shortcut": "hi", "text": "Hello", "audience": audience}
    assert sign_in(vera).post(page, form, headers=HTMX).status_code == 404
    assert not QuickReply.objects.exists()


def test_a_reply_for_another_projects_campaign_cannot_be_made(
    held: Conversation, mallory: Agent
) -> None:
    vera = make_agent(held.project, "Vera", is_supervisor=True)
    page = reverse("console:replies", args=[held.project.slug])
    theirs = mallory.project.campaigns.get().pk
    form = {"shortcut": "hi", "text": "Hello", "audience": theirs}
    assert sign_in(vera).post(page, form, headers=HTMX).status_code == 404


def test_a_name_nobody_filled_in_is_never_sent(held: Conversation, ana: Agent) -> None:
    form = {"id": str(uuid.uuid4()), "text": "Hello {contact}"}
    answer = sign_in(ana).post(f"{held.get_absolute_url()}messages/", form)
    assert answer.status_code == 422
    assert answer.text == "{contact} still stands in the text. Write what belongs there."
    assert not Message.objects.filter(author="agent").exists()
    quick_replies.keep(agent=ana, reply=None, shortcut="hi", text="Hello {contact}, I am {agent}")
    offered = sign_in(ana).get(f"{held.get_absolute_url()}replies/").text
    assert 'data-text="Hello Lucía, I am Ana"' in offered
