"""The main job: a customer writes, Ana accepts, answers and ends (R1, R9, R20–R28, R33, R56)."""

import re

import pytest
from playwright.sync_api import expect

from contactcenter.testing import arrivals, make_agent, make_project
from contactcenter.tests.browsers import DESKTOP, PHONE, Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Conversation

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.mark.parametrize(
    ("viewport", "language"), [(DESKTOP, "en"), (PHONE, "es")], ids=["1440-en", "390-es"]
)
def test_a_customer_writes_ana_answers_and_ends(
    stack: Stack, someone: NewContext, viewport: dict[str, int], language: str
) -> None:
    shop = make_project()
    ana = make_agent(shop, "Ana", language=language)
    desk = Desk(someone(viewport=viewport), stack.url, ana).sign_in()
    chat = Chat(someone(viewport=viewport), stack.other_url, shop.inboxes.get(), language)
    chat.write("Where is my <b>lamp</b> 🌷?")
    expect(desk.rows()).to_have_count(0)  # R20: nothing before the press
    desk.accept()
    expect(desk.page.locator("#availability")).to_contain_text(desk.words["status"])

    row = desk.rows().first
    expect(row).to_contain_text("Where is my <b>lamp</b> 🌷?")
    conversation = Conversation.objects.get(project=shop)
    expect(row.get_by_test_id("conv-id")).to_have_text(conversation.identity.value)
    expect(row).to_contain_text("Web")
    dot, name = row.get_by_test_id("new-dot").bounding_box(), row.locator(".nm bdi").bounding_box()
    assert dot and name and dot["x"] + dot["width"] < name["x"]  # R27: left of the name

    desk.open(conversation)
    expect(row.get_by_test_id("new-dot")).to_have_count(0)  # R28
    desk.answer("On its way")
    expect(desk.bubble("On its way")).to_have_attribute("data-seq", "2")
    expect(chat.bubble("On its way")).to_be_visible(timeout=2000)
    chat.write("Thank you")
    expect(desk.bubble("Thank you")).to_be_visible(timeout=2000)

    desk.end()
    expect(desk.row(conversation)).to_have_count(0)
    expect(chat.page.locator("chat-header")).to_contain_text(re.compile(chat.words["ended"]))
    assert desk.overflow() == chat.overflow() == 0
    assert desk.complaints == chat.complaints == []


def test_one_push_is_read_by_ana_in_english_and_by_bruno_in_spanish(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    desks = [
        Desk(someone(), stack.url, make_agent(shop, "Ana")).sign_in(),
        Desk(someone(), stack.other_url, make_agent(shop, "Bruno", language="es")).sign_in(),
    ]
    arrivals(shop.inboxes.get(), 3)
    sentences = ["3 people are waiting in the queue.", "3 personas esperan en la cola."]
    for desk, sentence in zip(desks, sentences, strict=True):
        expect(desk.page.locator("#waiting")).to_contain_text(sentence, timeout=3000)
