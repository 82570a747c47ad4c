"""The doors of notes and quick replies, and what reaches whose screen."""

import re
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from django.urls import reverse

from agents.models import Agent
from contactcenter.testing import make_agent, order_status, ready, write
from conversations import closing, noting, quick_replies
from conversations.models import Conversation, Inbox, Message, Note, QuickReply
from conversations.tests.sockets import Line, console

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}


def sign_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


@pytest.fixture
def held(web: Inbox, ana: Agent) -> Conversation:
    ready(ana)
    return write(web, text="Where is my lamp?").conversation


def notes_of(held: Conversation) -> str:
    return f"{held.get_absolute_url()}notes/"


def refreshed(agent: Agent, held: Conversation, after: int = 0) -> str:
    path = reverse("console:refresh", args=[held.project.slug])
    return sign_in(agent).get(path, {"conversation": str(held.pk), "after": after}).text


def test_a_note_is_answered_with_its_two_fragments_and_stands_in_the_page(
    held: Conversation, ana: Agent
) -> None:
    name = str(uuid.uuid4())
    answers = [
        sign_in(ana).post(notes_of(held), {"id": name, "text": "<b>paid</b> twice"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    for page in (*(a.text for a in answers), sign_in(ana).get(held.get_absolute_url()).text):
        assert f'id="note-{name}"' in page and f'id="noted-{name}"' in page
        assert "&lt;b&gt;paid&lt;/b&gt; twice" in page and "<b>paid" not in page
    assert Note.objects.count() == 1
    assert not Message.objects.filter(author="agent").exists()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"text": "no id"}, "UUID"),
        ({"id": "x", "text": "bad id"}, "UUID"),
        ({"id": str(uuid.uuid4())}, "nothing"),
        ({"id": str(uuid.uuid4()), "text": " \0\n"}, "nothing"),
        ({"id": str(uuid.uuid4()), "text": "x" * 2001}, "2000"),
        ({"id": str(uuid.uuid4()), "text": "x", "about": "everybody"}, "about"),
    ],
)
def test_a_bad_note_is_a_422_with_a_sentence(
    held: Conversation, ana: Agent, data: dict[str, str], word: str
) -> None:
    answer = sign_in(ana).post(notes_of(held), data)
    assert answer.status_code == 422
    assert word in answer.text
    assert not Note.objects.exists()


def test_what_is_over_can_still_be_noted_on_by_whoever_served_it(
    held: Conversation, ana: Agent, bruno: Agent
) -> None:
    closing.end(agent=ana, conversation=held, typification=order_status(held.project))
    form = {"id": str(uuid.uuid4()), "text": "called back"}
    assert sign_in(ana).post(notes_of(held), form).status_code == 200
    assert sign_in(bruno).post(notes_of(held), form).status_code == 404


def test_removing_is_for_the_author_and_leaves_what_the_screen_needs(
    held: Conversation, ana: Agent, bruno: Agent
) -> None:
    note = noting.write(agent=ana, conversation=held, client_id=uuid.uuid4(), text="wrong")
    path = f"{notes_of(held)}{note.client_id}/removal/"
    assert sign_in(bruno).post(path).status_code == 404
    assert sign_in(ana).get(path).status_code == 405
    gone = sign_in(ana).post(path)
    assert re.findall(r'data-remove="(\w+)-', gone.text) == ["note", "noted"]
    assert sign_in(ana).post(path).status_code == 404
    assert not Note.objects.exists()


def test_a_colleagues_note_in_ones_own_thread_is_not_ones_own(
    web: Inbox, held: Conversation, ana: Agent, bruno: Agent
) -> None:
    note = noting.write(agent=bruno, conversation=held, client_id=uuid.uuid4(), text="his")
    path = f"{notes_of(held)}{note.client_id}/removal/"
    assert sign_in(ana).post(path).status_code == 404
    assert Note.objects.exists()


def test_a_refresh_brings_what_is_missing_and_says_what_there_is(
    web: Inbox, held: Conversation, ana: Agent
) -> None:
    kept, gone = (
        noting.write(agent=ana, conversation=held, client_id=uuid.uuid4(), text=text)
        for text in ("kept", "gone")
    )
    noting.remove(agent=ana, note=gone)
    for number in range(30):  # so much came meanwhile that the note is beyond the newest 20
        write(web, held.identity, f"line {number}")
    page = refreshed(ana, held, after=1)
    assert f'id="note-{kept.client_id}"' in page and f'id="noted-{kept.client_id}"' in page
    (known,) = re.findall(r'data-notes="([^"]*)"', page)
    assert known.split() == [str(kept.client_id)]
    assert f'id="note-{kept.client_id}"' not in refreshed(ana, held, after=31)


def test_a_page_of_earlier_messages_brings_its_notes(
    web: Inbox, held: Conversation, ana: Agent
) -> None:
    note = noting.write(agent=ana, conversation=held, client_id=uuid.uuid4(), text="early")
    for number in range(25):
        write(web, held.identity, f"line {number}")
    page = sign_in(ana).get(held.get_absolute_url())
    assert f'id="note-{note.client_id}"' not in page.text
    oldest = page.context["messages"][0].client_id
    older = sign_in(ana).get(f"{held.get_absolute_url()}messages/", {"before": str(oldest)})
    assert f'id="note-{note.client_id}"' in older.text


def test_colleagues_are_the_projects_and_never_oneself(
    held: Conversation, ana: Agent, bruno: Agent, sofia: Agent, mallory: Agent
) -> None:
    names = [bruno, make_agent(held.project, "Bruno"), make_agent(held.project, "Óscar")]
    page = sign_in(ana).get(reverse("console:colleagues", args=[held.project.slug])).text
    found = re.findall(r'data-name="([^"]*)"', page)
    assert sorted(found) == sorted([names[0].user.username, names[1].user.username, "Óscar"])


async def push(line: Line) -> str:
    return str((await line.hear("push"))["html"])


@pytest.mark.django_db(transaction=True)
async def test_a_note_comes_to_its_readers_and_a_mention_to_whom_it_names(
    web: Inbox, ana: Agent, bruno: Agent
) -> None:
    """Bruno may not see the conversation: he learns that he was named, not what was said."""
    await sync_to_async(ready)(ana)
    held = (await sync_to_async(write)(web)).conversation
    desks = {agent: await console(agent) for agent in (ana, bruno)}
    carla = await sync_to_async(make_agent)(web.project, "Carla")
    desks[carla] = await console(carla)
    for line in desks.values():
        await line.connect()
    name = uuid.uuid4()
    note = await sync_to_async(noting.write)(
        agent=ana, conversation=held, client_id=name, text="secret, @Bruno"
    )
    mine, his = await push(desks[ana]), await push(desks[bruno])
    assert f'id="note-{name}"' in mine and f'id="noted-{name}"' in mine and "secret" in mine
    assert 'id="mentioned"' not in mine
    assert "secret" not in his and "note-" not in his
    assert f'data-newest="{note.pk}"' in his and 'data-url=""' in his
    assert "Ana te mencionó" in his or "Ana mentioned you" in his
    await sync_to_async(noting.remove)(agent=ana, note=note)
    assert f'data-remove="note-{name}"' in await push(desks[ana])
    assert 'data-newest="0"' in await push(desks[bruno])
    assert await desks[carla].heard() <= {"figures"}
    for line in desks.values():
        await line.disconnect()


@pytest.mark.django_db(transaction=True)
async def test_a_mention_leads_to_where_one_may_read_it(
    web: Inbox, ana: Agent, bruno: Agent
) -> None:
    await sync_to_async(ready)(ana)
    held = (await sync_to_async(write)(web)).conversation
    line = await console(ana)
    await line.connect()
    await sync_to_async(noting.write)(
        agent=bruno, conversation=held, client_id=uuid.uuid4(), text="@Ana look", on_contact=True
    )
    html, address = await push(line), await sync_to_async(held.get_absolute_url)()
    assert f'data-url="{address}"' in html and "look" in html
    await line.disconnect()


def test_the_mentions_page_shows_no_more_than_one_may_see(
    held: Conversation, ana: Agent, bruno: Agent
) -> None:
    noting.write(agent=ana, conversation=held, client_id=uuid.uuid4(), text="secret, @Bruno")
    noting.write(agent=bruno, conversation=held, client_id=uuid.uuid4(), text="look, @Ana")
    path = reverse("console:mentions", args=[held.project.slug])
    his, hers = sign_in(bruno).get(path), sign_in(ana).get(path, headers=HTMX)
    assert "secret" not in his.text and held.get_absolute_url() not in his.text
    assert "data-mention=" in his.text and "<html" in his.text
    assert "look, @Ana" in hers.text and held.get_absolute_url() in hers.text
    assert "<html" not in hers.text


def test_quick_replies_are_kept_changed_and_deleted_on_their_page(
    held: Conversation, ana: Agent
) -> None:
    client, page = sign_in(ana), reverse("console:replies", args=[held.project.slug])
    form = {"shortcut": "/hi", "text": "Hello {contact}"}
    assert client.post(page, form, headers={"accept": "text/html"}).status_code == 302
    reply = QuickReply.objects.get()
    assert (reply.shortcut, reply.agent, reply.project) == ("hi", ana, held.project)
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
