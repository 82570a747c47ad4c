"""When the server refuses: the console says what happened, keeps what was written, and goes on."""

import contextlib
import time

import pytest
from playwright.sync_api import expect
from websockets.sync.client import connect

from agents import limits
from agents.models import Agent
from contactcenter.testing import arrivals, make_agent, make_project
from contactcenter.tests.browsers import Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Message

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


def test_too_fast_an_answer_waits_on_the_screen_and_goes_out_once(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ana = make_agent(shop, "Ana")
    desk = Desk(someone(), stack.url, ana).sign_in()
    desk.accept()
    (conversation,) = arrivals(shop.inboxes.get(), 1)
    desk.open(conversation)
    soon = time.time() + 100 * 60 / 600 + 3  # the bucket of 100 is empty for three seconds more
    limits.redis().set(limits.key(f"agent:{ana.pk}"), soon, ex=60)
    with desk.page.expect_response(lambda r: r.url.endswith("/messages/")) as refused:
        desk.answer("On its way")
    assert refused.value.status == 429
    assert int(refused.value.headers["retry-after"]) >= 1
    expect(desk.bubble("On its way")).to_be_visible()
    expect(desk.bubble("On its way")).to_have_attribute("data-seq", "2", timeout=15_000)
    assert Message.objects.filter(conversation=conversation, author="agent").count() == 1


def test_with_too_many_tabs_the_oldest_says_so_and_takes_its_place_back(
    stack: Stack, someone: NewContext
) -> None:
    context = someone()
    desk = Desk(context, stack.url, make_agent(make_project(), "Ana")).sign_in()
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in context.cookies())
    address = f"{stack.url.replace('http', 'ws')}/ws/console/{desk.agent.project.slug}/"
    with contextlib.ExitStack() as tabs:
        for _ in range(10):
            tab = connect(
                address, origin=stack.url, additional_headers={"Cookie": cookies}, legacy=True
            )
            tabs.enter_context(tab)
        banner = desk.page.get_by_role("alert").filter(has_text="You have too many consoles open")
        expect(banner).to_be_visible()
        assert desk.axe() == []
        banner.get_by_role("button", name="Go on here").click()
        desk.wait_for_line()
        expect(banner).to_be_hidden()


def test_where_a_new_page_does_not_help_a_banner_says_what_to_do(
    stack: Stack, someone: NewContext
) -> None:
    """Reloading for ever would help nobody."""
    ana = make_agent(make_project(), "Ana")
    desk = Desk(someone(), stack.url, ana).sign_in()
    desk.page.evaluate("sessionStorage.setItem('reloaded-at', Date.now())")
    desk.page.evaluate("Date.now = ((now) => () => now)(Date.now())")  # it was a moment ago
    Agent.objects.filter(pk=ana.pk).update(is_agent=False)
    banner = desk.page.get_by_role("alert").filter(has_text="The server refuses this page")
    expect(banner).to_be_visible(timeout=10_000)
    assert desk.overflow() == 0
    assert desk.axe() == []
    banner.get_by_role("link", name="Sign in").click()
    expect(desk.page.get_by_role("heading", name="No access to the console")).to_be_visible()
