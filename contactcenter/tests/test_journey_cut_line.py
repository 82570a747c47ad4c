"""The line is cut in the middle, on both sides: what was typed is kept and goes out once
(P-09, P-10).
What Ana writes meanwhile: test_journey_writing_rows.py."""

import pytest
from playwright.sync_api import expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import arrivals, make_agent, make_project
from contactcenter.tests.browsers import Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Message

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


def test_what_happened_meanwhile_is_there_when_the_line_is_back(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    context = someone()
    desk = Desk(context, stack.url, make_agent(shop, "Ana")).sign_in()
    desk.accept()
    (first,) = arrivals(shop.inboxes.get(), 1)
    expect(desk.rows()).to_have_count(1)
    context.set_offline(True)
    expect(desk.page.locator("availability-control")).to_have_attribute(
        "data-line", "down", timeout=40_000
    )
    (second,) = arrivals(shop.inboxes.get(), 1)
    context.set_offline(False)
    desk.wait_for_line()
    expect(desk.row(second)).to_be_visible(timeout=15_000)
    expect(desk.row(first)).to_be_visible()


def test_lucia_writes_offline_reloads_and_it_arrives_once(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    context = someone()
    chat = Chat(context, stack.url, shop.inboxes.get())
    chat.write("before")
    expect(chat.page.locator("queue-card")).to_be_visible()
    context.set_offline(True)
    chat.write("while offline")
    expect(chat.bubble("while offline")).to_be_visible()
    context.set_offline(False)
    chat.page.reload()
    mine = Message.objects.filter(conversation__project=shop, author="contact").order_by("seq")
    wait_until(lambda: mine.count() == 2, 15)
    expect(chat.bubble("while offline")).to_have_count(1)
    assert [message.text for message in mine] == ["before", "while offline"]


def test_a_killed_web_process_costs_nobody_anything(stack: Stack, someone: NewContext) -> None:
    """kill -9 of the process that holds both lines; another one takes its place."""
    shop = make_project()
    desk = Desk(someone(), stack.url, make_agent(shop, "Ana")).sign_in()
    chat = Chat(someone(), stack.url, shop.inboxes.get())
    desk.accept()
    chat.write("before")
    expect(desk.rows()).to_have_count(1)
    stack.processes["web1"].kill()
    stack.processes["web1"].wait()
    chat.write("while it is dead")
    stack.start_web(1)
    expect(desk.rows().first).to_contain_text("while it is dead", timeout=30_000)
    assert Message.objects.filter(conversation__project=shop).count() == 2
    expect(chat.bubble("while it is dead")).to_have_count(1)
