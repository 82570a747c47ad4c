"""The queue (R15–R18): who is served next, by whom, and how many at once."""

from typing import Any

import pytest
from playwright.sync_api import expect

from agents.models import Agent, Project
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import (
    arrivals,
    make_agent,
    make_project,
    make_supervisor,
    write,
)
from contactcenter.tests.browsers import Chat, Desk, Site
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import inbound
from conversations.models import Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
SOON = 3_000  # ms for what follows a change on another screen; figures come once a second


def desk_of(agent: Agent, context: Any, url: str) -> Desk:
    desk = Desk(context, url, agent).sign_in()
    desk.accept()
    return desk


def figure(desk: Desk, name: str, value: str) -> None:
    expect(desk.page.get_by_test_id(f"metric-{name}")).to_have_text(value, timeout=SOON)


def slots(desk: Desk, text: str) -> None:
    expect(desk.page.get_by_test_id("slots")).to_have_text(text, timeout=SOON)


def web_of(project: Project) -> Inbox:
    return project.inboxes.get()


def test_r15_customers_come_in_in_the_order_they_arrived(stack: Stack, someone: NewContext) -> None:
    """Nobody was available, then Ana with one slot; who writes again keeps their place."""
    shop = make_project(capacity=1)
    c1, c2, c3 = arrivals(web_of(shop), 3)
    for impatient in (c1, c3):
        write(web_of(shop), impatient.identity, "Are you there?")
    desk = desk_of(make_agent(shop), someone(), stack.url)
    for current, waiting in ((c1, "2"), (c2, "1"), (c3, "0")):
        expect(desk.row(current)).to_be_visible()
        expect(desk.rows()).to_have_count(1)
        figure(desk, "queued", waiting)
        desk.open(current)
        desk.end()
    expect(desk.rows()).to_have_count(0)
    assert desk.complaints == []


def test_r16_each_goes_to_the_agent_with_the_fewest(stack: Stack, someone: NewContext) -> None:
    """Six: 2, 2, 2; seven: one has 3, none 4. A closed tab and who stopped are passed over."""
    shop = make_project()
    people = [make_agent(shop, name) for name in ("Ana", "Bruno", "Carla")]
    ana, bruno, carla = desks = [
        desk_of(agent, someone(), url)
        for agent, url in zip(people, (stack.url, stack.other_url, stack.url), strict=True)
    ]
    arrivals(web_of(shop), 6)
    for desk in desks:
        expect(desk.rows()).to_have_count(2)
    arrivals(web_of(shop), 1)
    expect(ana.rows()).to_have_count(3)  # the first of the tie: she has waited longest for one
    assert [desk.rows().count() for desk in desks] == [3, 2, 2]

    bruno.page.close()
    still_there = Agent.objects.filter(pk=bruno.agent.pk).connected()
    wait_until(lambda: not still_there.exists(), 10)
    carla.stop()
    arrivals(web_of(shop), 1)
    expect(ana.rows()).to_have_count(4)

    diego = desk_of(make_agent(shop, "Diego"), someone(), stack.other_url)
    arrivals(web_of(shop), 3)
    expect(diego.rows()).to_have_count(3)  # the next ones, until level
    assert [desk.rows().count() for desk in (ana, carla)] == [4, 2]
    assert [desk.complaints for desk in (*desks, diego)] == [[], [], [], []]


def test_r17_the_seventh_waits_and_a_lowered_limit_takes_nothing_away(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    sofia = make_supervisor(shop)
    desk = desk_of(make_agent(shop), someone(), stack.url)
    slots(desk, "0 / 6")
    first, *_ = arrivals(web_of(shop), 7)
    expect(desk.rows()).to_have_count(6)
    slots(desk, "6 / 6")
    figure(desk, "queued", "1")
    site = Site(someone(), stack.other_url, sofia)
    site.save(shop, "Conversations at once", "2")
    slots(desk, "6 / 2")
    expect(desk.rows()).to_have_count(6)
    desk.open(first)
    desk.end()
    slots(desk, "5 / 2")
    figure(desk, "queued", "1")
    assert desk.complaints == site.complaints == []


def test_r17_the_supervisor_changes_the_limit_of_all_and_of_one(
    stack: Stack, someone: NewContext
) -> None:
    """Two for all: the third waits. Three for Ana: it comes in, without a reload. 0: none."""
    shop = make_project()
    ana = make_agent(shop)
    site = Site(someone(), stack.other_url, make_supervisor(shop))
    site.save(shop, "Conversations at once", "2")
    desk = desk_of(ana, someone(), stack.url)
    *_, third = arrivals(web_of(shop), 3)
    slots(desk, "2 / 2")
    figure(desk, "queued", "1")
    site.save(ana, "Conversations at once", "3")
    expect(desk.row(third)).to_be_visible(timeout=SOON)
    slots(desk, "3 / 3")
    site.save(ana, "Conversations at once", "0")
    slots(desk, "3 / 0")
    write(web_of(shop))
    figure(desk, "queued", "1")
    assert desk.complaints == site.complaints == []


def test_r18_an_end_brings_in_the_head_of_the_queue(stack: Stack, someone: NewContext) -> None:
    """Within a second, without a reload; a head that has left is passed over."""
    shop = make_project()
    desk = desk_of(make_agent(shop), someone(), stack.url)
    *six, head, second, third = arrivals(web_of(shop), 9)
    expect(desk.rows()).to_have_count(6)
    figure(desk, "queued", "3")
    inbound.leave(conversation=head)
    figure(desk, "queued", "2")
    chat = Chat(someone(), stack.other_url, web_of(shop))
    chat.write("I am the last")
    expect(chat.page.locator("queue-card")).to_contain_text("3")
    for ended, comes_in, left in ((six[0], second, "2"), (six[1], third, "1")):
        desk.open(ended)
        desk.end()
        expect(desk.row(comes_in)).to_be_visible(timeout=1000)
        figure(desk, "queued", left)
    expect(chat.page.locator("queue-card")).to_contain_text("1")
    slots(desk, "6 / 6")
    assert desk.complaints == chat.complaints == []
