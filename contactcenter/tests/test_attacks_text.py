"""Attack: text. What is stored as it came, what cannot be stored, and what a browser might run."""

import json
import uuid

import pytest
from django.test import Client
from playwright.sync_api import Dialog, Page, expect

from agents.models import Agent
from contactcenter.testing import (
    make_agent,
    make_customer,
    make_project,
    ready,
    write,
)
from contactcenter.tests.browsers import Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Contact, Conversation, Inbox, Message
from conversations.tests.sockets import webchat

STAYS = [
    "a\u202eb\u2066c\u2069",  # right to left, overridden
    "a\u200bb\u200dc\ufeff",  # zero width
    "👩‍👩‍👧‍👦 é e\u0301 ﷽" + "\u0301" * 300,
    "{{7*7}} {% load x %} ${7*7} #{7*7} <%= 7*7 %> {{ settings.SECRET_KEY }} %(message)s {0}",
    "<script>alert(1)</script><!-- --><![CDATA[",
    "'; DROP TABLE agents_user; --",
    "=HYPERLINK(1) +1 -1 @SUM",
    "\x01\x02\x1b[31m\x7f\x85\u2028\u2029",
    "\ufffe\uffff\U0010ffff",
]
CLEANED = {"a\0b": "ab", "a\ud800b": "ab", "a\udfff\ud800b": "ab"}
EVERY_TEXT = {**{text: text.strip() for text in STAYS}, **CLEANED}


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("text", [t for t in EVERY_TEXT if "\ud800" not in t], ids=ascii)
def test_an_agents_text_is_kept_as_it_came_or_cleaned(web: Inbox, ana: Agent, text: str) -> None:
    held = write(web).conversation if ready(ana) else None
    path = f"{held.get_absolute_url()}messages/"
    answer = signed_in(ana).post(path, {"id": str(uuid.uuid4()), "text": text})
    assert answer.status_code == 200
    assert held.messages.get(author="agent").text == EVERY_TEXT[text]
    page = signed_in(ana).get(held.get_absolute_url()).text
    assert "49" not in "".join(page.split("7*7")[1:2])[:3]
    assert "<script>alert" not in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("text", list(EVERY_TEXT), ids=ascii)
async def test_a_customers_text_is_kept_as_it_came_or_cleaned(web: Inbox, text: str) -> None:
    line = webchat(web)
    await line.connect()
    await line.hello(name=text)
    await line.write(text)
    assert (await Message.objects.aget()).text == EVERY_TEXT[text]
    name = (await Contact.objects.aget()).name
    assert not any(c in name for c in "\0\u202e\u2066\x1b\u2028\u200b")
    assert len(name) <= 120
    await line.disconnect()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        b"text=\xff\xfe&id=x",
        b"\xff" * 1000,
        b"text[]=x&text[a]=y&id[]=1",
        b"text=" + b"%00" * 1000,
        b"text=%ed%a0%80&id=" + str(uuid.uuid4()).encode(),
        b"{" * 10_000,
        json.dumps({"text": {"a": ["b"]}, "id": 7}).encode(),
        b"",
    ],
    ids=["utf-8", "only", "arrays", "NUL", "surrogate", "deep", "json", "empty"],
)
@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "application/json",
        "text/plain; charset=utf-7",
        "application/x-www-form-urlencoded; charset=nonsense",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=" + "x" * 500,
    ],
)
def test_no_body_is_more_than_a_refusal(web: Inbox, ana: Agent, kind: str, body: bytes) -> None:
    ready(ana)
    held = write(web).conversation
    client = signed_in(ana)
    for door in ("messages", "ending", "typing", "reading"):
        answer = client.generic("POST", f"{held.get_absolute_url()}{door}/", body, kind)
        assert answer.status_code in {200, 204, 400, 415, 422}, (door, answer.status_code)
        assert "Traceback" not in answer.text
    answer = client.generic("POST", f"/p/{web.project.slug}/availability/", body, kind)
    assert answer.status_code in {400, 415, 422}
    held.refresh_from_db()
    assert held.is_open
    assert held.messages.filter(author="agent").count() <= 1  # "%ed%a0%80" may be "���"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["\0", "a\0b", "\u202e", "{{7*7}}", "%", "_", "\\", "'", "x" * 5000]
)
def test_searching_and_filtering_break_on_nothing(web: Inbox, text: str) -> None:
    carla = make_agent(web.project, "Carla", is_supervisor=True)
    client = signed_in(carla)
    for page in (
        "conversations/conversation",
        "conversations/contact",
        "agents/agent",
        "agents/user",
    ):
        for query in ({"q": text}, {"o": text}, {"p": text}, {"all": text}, {"e": text}):
            answer = client.get(f"/admin/{page}/", query)
            assert answer.status_code in {200, 302}, (page, query)
    for field in ("project__id__exact", "started_at__gte", "state", "campaign__id__exact", text):
        answer = client.get("/admin/conversations/conversation/", {field: text})
        assert answer.status_code in {200, 302, 400}, field


RUNS = (
    "<img src=x onerror=alert(1)><script>alert(2)</script>"
    "\"'><svg/onload=alert(3)>{{7*7}}</textarea></title>javascript:alert(4)"
)
NAME = RUNS[:80]


@pytest.mark.journey
@pytest.mark.usefixtures("committed")
def test_what_somebody_stored_runs_in_nobodys_browser(stack: Stack, someone: NewContext) -> None:
    """Console, chat and supervisors' pages, with the attack in every text that people write."""
    shop = make_project()
    shop.campaigns.update(name=NAME)
    shop.inboxes.update(name=NAME, title=NAME)
    shop.typifications.filter(name="Complaint").update(name=NAME)
    ana = make_agent(shop, "Ana", is_supervisor=True)
    ana.user.first_name = ana.user.last_name = NAME
    ana.user.save()
    web = shop.inboxes.get()
    desk = Desk(someone(), stack.url, ana)
    fired = listen(desk.page)
    desk.sign_in()
    desk.accept()
    conversation = write(web, make_customer(web, RUNS[:120]), RUNS).conversation
    desk.open(conversation)
    expect(desk.page.locator("#thread .msg.in .bub")).to_have_text(RUNS)
    desk.answer(RUNS)
    expect(desk.page.locator("#thread .msg.out[data-seq] .bub")).to_have_text(RUNS)
    desk.page.reload()
    desk.wait_for_line()

    chat = Chat(someone(), stack.other_url, web)
    fired += listen(chat.page)
    chat.write(RUNS)
    expect(chat.bubble("alert(4)")).to_contain_text(RUNS)
    expect(desk.rows()).to_have_count(2)
    (other,) = Conversation.objects.filter(project=shop).exclude(pk=conversation.pk)
    desk.open(other)
    desk.answer(RUNS)
    expect(chat.page.locator(".msg", has_text="alert(4)")).to_have_count(2)

    desk.page.get_by_test_id("end").click()
    desk.page.get_by_role("dialog").get_by_label(NAME, exact=True).check()
    desk.page.get_by_role("dialog").get_by_label("Note").fill(RUNS)
    desk.page.get_by_role("dialog").get_by_role("button", name="End conversation").click()
    expect(desk.row(other)).to_have_count(0)
    assert desk.complaints == chat.complaints == []
    look_at_the_admin(desk, stack.url, other)
    assert fired == []


def look_at_the_admin(desk: Desk, url: str, conversation: Conversation) -> None:
    """The pages where all that is shown, and one after a mistake."""
    for path in (
        "",
        "conversations/conversation/",
        f"conversations/conversation/{conversation.pk}/change/",
        "conversations/assignment/",
        f"conversations/contact/{conversation.contact_id}/change/",
        f"agents/agent/{desk.agent.pk}/change/",
        "conversations/typification/",
        "conversations/inbox/",
        "agents/campaign/",
        "agents/user/?q=" + "%22%3E%3Cscript%3Ealert(5)%3C/script%3E",
    ):
        desk.page.goto(f"{url}/admin/{path}")
        expect(desk.page.locator("body")).not_to_contain_text("There is nothing here")
    assert desk.complaints == []


def listen(page: Page) -> list[str]:
    """Whatever ran, says so."""
    fired: list[str] = []

    def heard(dialog: Dialog) -> None:
        fired.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", heard)
    return fired
