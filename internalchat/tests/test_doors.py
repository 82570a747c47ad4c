"""The doors of internal chat: what the two see, and what they are told when it cannot be done."""

import re
import uuid

import pytest

from agents.models import Agent, Project
from contactcenter.testing import make_agent, make_project, order_status, ready, write
from conversations.models import Conversation, Inbox, Typification
from internalchat import closing
from internalchat.models import DirectChat, Post
from internalchat.tests.writing import SECRET, internal, say, sign_in

HTMX = {"hx-request": "true"}

pytestmark = pytest.mark.django_db


def test_nobody_writes_to_themselves_or_to_another_project(
    ana: Agent, mallory: Agent, shop: Project
) -> None:
    ready(mallory)
    client = sign_in(ready(ana))
    for number in (ana.pk, mallory.pk, "0", "x", "", "9" * 30):
        assert client.get(internal(shop, "direct"), {"agent": number}).status_code == 404


def test_the_server_refuses_to_begin_with_somebody_inactive(ana: Agent, bruno: Agent) -> None:
    client = sign_in(ready(ana))
    chat = DirectChat.between(ana, bruno)
    form = {"id": str(uuid.uuid4()), "text": "hi"}
    path = f"{chat.get_absolute_url()}messages/?agent={bruno.pk}"
    pressed = client.get(internal(ana.project, "direct"), {"agent": bruno.pk}, headers=HTMX)
    sent = client.post(path, form, headers=HTMX)
    assert [pressed.status_code, sent.status_code] == [409, 409]
    assert "active" in pressed.text and not DirectChat.objects.exists()


def test_a_guessed_name_of_a_chat_begins_none(ana: Agent, bruno: Agent) -> None:
    """Only the name that both would give it; anybody could make up others."""
    ready(bruno)
    home = internal(ana.project)
    path = f"{home}{uuid.uuid4()}/messages/?agent={bruno.pk}"
    form = {"id": str(uuid.uuid4()), "text": "hi"}
    assert sign_in(ready(ana)).post(path, form).status_code == 404
    assert not DirectChat.objects.exists()


def test_the_first_message_comes_back_as_its_bubble_and_twice_is_once(
    ana: Agent, bruno: Agent
) -> None:
    ready(bruno)
    client = sign_in(ready(ana))
    page = client.get(internal(ana.project, "direct"), {"agent": bruno.pk}, headers=HTMX).text
    path = re.search(r'data-send-url="([^"]+)"', page)[1]  # type: ignore[index]
    form = {"id": str(uuid.uuid4()), "text": "<b>hi</b>\0", "author": "contact", "seq": "99"}
    answers = [client.post(path, form, headers=HTMX) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {200}
    for answer in answers:
        assert f'id="message-{form["id"]}"' in answer.text and 'data-seq="1"' in answer.text
        assert "&lt;b&gt;hi&lt;/b&gt;" in answer.text
    post = Post.objects.get()
    assert (post.agent, post.text) == (ana, "<b>hi</b>")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"text": "no id"}, "UUID"),
        ({"id": str(uuid.uuid4()), "text": " \0\n"}, "nothing"),
        ({"id": str(uuid.uuid4()), "text": "x" * 4097}, "4096"),
    ],
)
def test_what_cannot_be_used_is_a_422_with_a_sentence(
    chat: DirectChat, ana: Agent, data: dict[str, str], word: str
) -> None:
    answer = sign_in(ana).post(f"{chat.get_absolute_url()}messages/", data, headers=HTMX)
    assert answer.status_code == 422 and word in answer.text
    assert Post.objects.count() == 1


def test_a_closed_chat_is_a_409_with_a_sentence_for_the_second(
    chat: DirectChat, ana: Agent, bruno: Agent
) -> None:
    path, form = (
        f"{chat.get_absolute_url()}ending/",
        {"typification": order_status(chat.project).pk},
    )
    assert sign_in(ana).post(path, form, headers=HTMX).status_code == 204
    told = sign_in(bruno).post(path, form, headers=HTMX)
    assert (told.status_code, "cerrado" in told.text or "closed" in told.text) == (409, True)
    late = {"id": str(uuid.uuid4()), "text": "late"}
    for client in map(sign_in, (ana, bruno)):
        assert client.post(f"{chat.get_absolute_url()}messages/", late).status_code == 409
        assert client.get(path).status_code == 409


def test_closing_needs_a_typification_of_the_list_and_its_comment(
    chat: DirectChat, ana: Agent, mallory: Agent
) -> None:
    path = f"{chat.get_absolute_url()}ending/"
    complaint = Typification.objects.get(project=chat.project, name="Complaint")
    for form in (
        {},
        {"typification": "x"},
        {"typification": order_status(mallory.project).pk},
        {"typification": complaint.pk},
    ):
        assert sign_in(ana).post(path, form, headers=HTMX).status_code == 422
    done = sign_in(ana).post(path, {"typification": complaint.pk, "comment": "bad"}, headers=HTMX)
    assert done.status_code == 204


def test_both_dialogs_offer_the_same_list_and_the_support_address(
    web: Inbox, chat: DirectChat, ana: Agent
) -> None:
    Project.objects.filter(pk=web.project_id).update(support_address="help@shop.example")
    held = write(web).conversation
    serves = held.assignments.get(ended_at=None).agent
    pages = [
        sign_in(serves).get(f"{path}ending/", headers=HTMX).text
        for path in (held.get_absolute_url(), chat.get_absolute_url())
    ]
    lists = [re.findall(r'value="(\d+)" required', page) for page in pages]
    assert lists[0] == lists[1] and len(lists[0]) == 2
    assert all("mailto:help@shop.example" in page for page in pages)


def test_only_who_may_open_a_conversation_quotes_it(
    web: Inbox, chat: DirectChat, ana: Agent, bruno: Agent
) -> None:
    held: Conversation = write(web).conversation
    held.project.agents.update(is_available=False)
    others = bruno if held.assignments.get().agent == ana else ana
    others.campaigns.clear()
    form = {"id": str(uuid.uuid4()), "text": "look", "quote": str(held.pk)}
    path = f"{chat.get_absolute_url()}messages/"
    refused = sign_in(others).post(path, form, headers=HTMX)
    assert (refused.status_code, held.title in refused.text) == (422, False)
    for name in ("x", str(uuid.uuid4())):  # there is no telling which one exists
        assert (
            sign_in(others).post(path, {**form, "quote": name}, headers=HTMX).text == refused.text
        )
    owner = held.assignments.get().agent
    assert held.title in sign_in(owner).post(path, form, headers=HTMX).text
    page = sign_in(others).get(chat.get_absolute_url()).text
    assert held.title not in page and "look" in page


def test_a_stored_quote_is_asked_for_again_though_its_conversation_went_elsewhere(
    web: Inbox, chat: DirectChat
) -> None:
    """Its answer was lost: the page sends it once more, and is told that it is stored."""
    held: Conversation = write(web).conversation
    owner = held.assignments.get().agent
    form = {"id": str(uuid.uuid4()), "text": "look", "quote": str(held.pk)}
    path, client = f"{chat.get_absolute_url()}messages/", sign_in(owner)
    assert client.post(path, form, headers=HTMX).status_code == 200
    owner.campaigns.clear()
    held.assignments.all().delete()
    assert client.post(path, form, headers=HTMX).status_code == 200
    assert Post.objects.filter(quoted=held).count() == 1
    assert client.post(path, {**form, "id": str(uuid.uuid4())}).status_code == 422


def test_earlier_lines_come_in_pages(chat: DirectChat, ana: Agent, bruno: Agent) -> None:
    for number in range(2, 46):
        say(ana, bruno, f"line {number}.")
    page = sign_in(bruno).get(chat.get_absolute_url()).text
    assert "line 26." in page and "line 25." not in page
    before = chat.posts.get(seq=26).client_id
    older = sign_in(bruno).get(f"{chat.get_absolute_url()}messages/", {"before": before}).text
    assert "line 25." in older and "line 6." in older and "line 5." not in older


def test_history_lists_ones_own_closed_chats_in_pages(
    chat: DirectChat, ana: Agent, bruno: Agent, shop: Project
) -> None:
    for _ in range(32):
        mine = DirectChat.objects.get(pk=say(ana, bruno).chat_id)
        closing.close(agent=ana, chat=mine, typification=order_status(shop))
    path = internal(shop, "history")
    first = sign_in(bruno).get(path).text
    more = re.search(r'href="([^"]+\?before=[^"]+)"', first)[1]  # type: ignore[index]
    second = sign_in(bruno).get(more).text
    rows = [re.findall(r'id="archived-([^"]+)"', page) for page in (first, second)]
    assert [len(each) for each in rows] == [30, 2] and len({*rows[0], *rows[1]}) == 32
    carla = sign_in(make_agent(shop, "Carla"))
    assert "archived-" not in carla.get(path).text and "archived-" not in carla.get(more).text


def test_the_supervisors_page_shows_what_its_two_were_told(
    chat: DirectChat, sofia: Agent, ana: Agent, bruno: Agent, shop: Project
) -> None:
    def page(of: DirectChat) -> str:
        return sign_in(sofia).get(f"/admin/internalchat/directchat/{of.pk}/change/").text

    def told(of: DirectChat) -> str:
        return sign_in(ana).get(of.get_absolute_url()).text

    assert SECRET not in page(chat) and "not what is written" in told(chat)
    Project.objects.filter(pk=shop.pk).update(internal_reading="content")
    assert SECRET not in page(chat) and "not what is written" in told(chat)  # it began before
    closing.close(agent=ana, chat=chat, typification=order_status(shop), comment="nobody's words")
    assert "nobody&#x27;s words" not in page(chat)
    for agent in (ana, bruno):
        agent.project.refresh_from_db()
    later = say(ana, bruno).chat
    assert SECRET in page(later) and "can read internal chats" in told(later)
    Project.objects.filter(pk=shop.pk).update(internal_reading="events")
    assert SECRET not in page(later)


def test_the_help_says_of_each_project_what_its_supervisors_see(ana: Agent, shop: Project) -> None:
    """A person of two projects is not watched unknowingly in the second one."""
    page = sign_in(ana).get("/help/").text
    assert "not what is written" in page and "can read internal chats" not in page
    other = make_project("Clínica Parque", internal_reading="content")
    Agent.objects.create(user=ana.user, project=other)
    page = sign_in(ana).get("/help/").text
    for project, told in ((shop, "not what is written"), (other, "can read internal chats")):
        assert told in page[page.index(f"<b><bdi>{project}</bdi></b>") :].split("</p>")[0]
