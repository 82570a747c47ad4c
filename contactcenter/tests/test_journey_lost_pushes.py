"""P-12: with one push in three lost, a console equals a fresh one within 15 s, and so do those of
two agents who write to each other."""

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker
from websockets.sync.client import ClientConnection, connect

from agents.models import PauseReason
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import make_agent, make_project
from contactcenter.tests.browsers import Desk
from contactcenter.tests.colleagues import Colleague, two
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import contacts
from conversations.models import Assignment, Conversation, Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

# What a person sees: rows with their marks, the thread, slots and status; without the times,
# which the browser counts itself.
SHOWN = """() => ({
  rows: [...document.querySelectorAll("#items > li")].map((row) => [
    row.id, row.dataset.new, row.dataset.unread, row.querySelector(".last").innerText.trim(),
    row.querySelector(".nm").innerText,
  ]),
  head: document.querySelector("#thread .who").innerText,
  person: document.querySelector("#contact .person").innerText,
  thread: [...document.querySelectorAll("#thread .msg")].map((m) => [
    m.id, m.dataset.seq, m.querySelector(".bub").innerText,
  ]),
  slots: document.querySelector("#slots").innerText,
  status: document.querySelector("#availability").dataset.s,
  pause: document.querySelector("#availability .pause")?.innerText,
  finishing: [...document.querySelectorAll("#wrap-ups li")].map((row) => row.id),
  queued: document.querySelector("[data-testid=metric-queued]").innerText,
})"""


@pytest.fixture(scope="module")
def lossy(
    stack: Stack, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """A second pair of web processes whose pushes get lost."""
    folder = tmp_path_factory.mktemp("lossy")
    with django_db_blocker.unblock():
        layer = "contactcenter.testing.LossyChannelLayer"
        with Stack(
            folder, CHANNEL_LAYER=layer, REDIS_PREFIX=f"{settings.REDIS_PREFIX}-lossy"
        ) as running:
            yield running


class Customer:
    """A customer's socket, by hand."""

    def __init__(self, stack: Stack, inbox: Inbox) -> None:
        address = stack.other_url.replace("http", "ws")
        self.line: ClientConnection = connect(
            f"{address}/ws/webchat/{inbox.key}/", origin=stack.other_url, legacy=True
        )
        self.say(type="hello", token=None, name="Lucía", language="en", conversation=None, after=0)

    def say(self, **frame: Any) -> None:
        self.line.send(json.dumps(frame))

    def write(self, text: str) -> None:
        name = str(uuid.uuid4())
        self.say(type="message", id=name, text=text)
        while json.loads(self.line.recv(5)).get("type") != "ack":
            pass


def shown(page: Page) -> dict[str, Any]:
    return dict(page.evaluate(SHOWN))


def test_a_screen_that_lost_a_third_of_its_pushes_is_whole_within_15_seconds(
    lossy: Stack, someone: NewContext
) -> None:
    shop = make_project()
    shop.campaigns.update(wrap_up=dt.timedelta(hours=1))
    PauseReason.objects.create(project=shop, name="Lunch")
    inbox = shop.inboxes.get()
    ana = make_agent(shop, "Ana")
    desk = Desk(someone(), lossy.url, ana).sign_in()
    other = Desk(someone(), lossy.other_url, ana).sign_in()
    desk.accept()
    customers = [Customer(lossy, inbox) for _ in range(8)]
    for customer in customers:
        customer.write("Hello")
    wait_until(lambda: Assignment.objects.filter(agent=ana, ended_at=None).count() == 6, 15)
    expect(desk.rows()).to_have_count(6, timeout=15_000)
    first = Conversation.objects.filter(project=shop, assignments__agent=ana).earliest("started_at")
    desk.open(first)
    for turn in range(6):
        for customer in customers:
            customer.write(f"line {turn}")
        desk.answer(f"answer {turn}")
        card = contacts.card_of(first.contact)
        name = {"name": f"Lucía, {turn} times"}
        contacts.edit(agent=ana, contact=first.contact, opened=card, card={**card, **name})
        first.contact.refresh_from_db()
    for customer in customers[1:3]:
        customer.say(type="end")
    last = Conversation.objects.filter(project=shop, assignments__agent=ana).latest("started_at")
    other.open(last)
    other.end()
    wait_until(lambda: Conversation.objects.get(pk=last.pk).ended_at, 10)
    other.stop()
    other.page.locator("#pauses").get_by_role("button", name="Lunch").click()
    wait_until(lambda: ana.availability_changes.filter(reason="Lunch").exists(), 10)

    desk.page.mouse.move(700, 5)  # under the pointer nothing changes its place
    fresh = Desk(someone(), lossy.url, ana)
    fresh.sign_in()
    fresh.page.goto(desk.page.url)
    fresh.wait_for_line()
    wait_until(
        lambda: shown(desk.page) == shown(fresh.page),
        15,
        lambda: f"{shown(desk.page)}\n!=\n{shown(fresh.page)}",
    )
    assert len(shown(desk.page)["thread"]) >= 13
    assert (shown(desk.page)["pause"], len(shown(desk.page)["finishing"])) == ("Lunch", 1)


# What the two see of their chat, and of what is unread.
BETWEEN = """() => ({
  thread: [...document.querySelectorAll("#thread .msg")].map((m) => [
    m.id, m.dataset.seq, [...m.classList].sort(), m.querySelector(".bub").innerText,
  ]),
  chats: [...document.querySelectorAll("#direct-chats li")].map((row) => row.innerText),
  unread: document.querySelector("#unread-posts").innerText,
  box: document.querySelector("#thread .composer").innerText,
})"""


def test_two_agents_who_lose_a_third_of_their_pushes_see_the_same_chat(
    lossy: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ana, bruno = two(lossy, someone, shop)
    for one, other in ((ana, bruno), (bruno, ana)):
        one.unfold()
        one.write_to(other.agent)
    for turn in range(12):
        for one in (ana, bruno):
            one.answer(f"{one.agent.short_name} {turn}")
    wait_until(lambda: shop.direct_chats.filter(last_seq=24).exists(), 15)
    bruno.close()
    for one in (ana, bruno):
        fresh = Colleague(one.page.context, one.url, one.agent)
        fresh.page.goto(f"{one.url}/p/{shop.slug}/internal/{one.chat}/")
        fresh.wait_for_line()
        wait_until(
            lambda: between(one.page) == between(fresh.page),  # noqa: B023  asked at once
            15,
            lambda: f"{between(one.page)}\n!=\n{between(fresh.page)}",  # noqa: B023
        )
        assert one.page.locator("#thread .msg").count() == 24


def between(page: Page) -> dict[str, Any]:
    seen = dict(page.evaluate(BETWEEN))
    seen["thread"] = seen["thread"][-19:]  # a fresh page has the newest 20, and groups them anew
    return seen
