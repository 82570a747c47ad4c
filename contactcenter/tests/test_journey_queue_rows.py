"""Rows R15–R18 and R20–R23 of the requirements: the queue and the agent's status, as people see
them. What the queue does in every order of events is in conversations/tests/test_queue_model.py.
"""

from typing import Any

import pytest
from django.db.models.functions import Now
from playwright.sync_api import Request, Route, expect

from agents.models import Agent, AvailabilityChange, Project
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import (
    PASSWORD,
    arrivals,
    holder_of,
    make_agent,
    make_project,
    make_supervisor,
    write,
)
from contactcenter.tests.browsers import WORDS, Chat, Desk, Site
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import inbound
from conversations.models import Conversation, Inbox

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


def newest_of(project: Project) -> Conversation:
    return Conversation.objects.filter(project=project).latest("started_at")


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


@pytest.mark.parametrize("language", ["en", "es"])
def test_r20_nothing_comes_before_the_press(
    stack: Stack, someone: NewContext, language: str
) -> None:
    """By the button's name, and by Shift+A."""
    shop = make_project()
    ana = make_agent(shop, language=language)
    desk = Desk(someone(), stack.url, ana).sign_in()
    (waiting,) = arrivals(web_of(shop), 1)
    figure(desk, "queued", "1")
    expect(desk.rows()).to_have_count(0)
    button = desk.page.get_by_role("button", name=WORDS[language]["accept"])
    expect(button).to_be_visible()
    if language == "es":
        button.click()
    else:
        desk.page.keyboard.press("Shift+A")
    expect(desk.row(waiting)).to_be_visible()
    expect(button).to_have_count(0)
    assert desk.complaints == []


TIME_OF_A_PRESS = """() => new Promise((done) => {
  const began = performance.now();
  const look = () => {
    const form = document.querySelector("#availability[data-s=on]");
    if (form?.innerText.includes("Available")) done(performance.now() - began);
    else requestAnimationFrame(look);
  };
  document.querySelector("[data-testid=accept-toggle]").click();
  look();
})"""
REMEMBER_STATES = """() => {
  window.states = [document.getElementById("availability").dataset.s];
  const control = document.querySelector("availability-control");
  new MutationObserver(() => {
    const state = document.getElementById("availability")?.dataset.s;
    if (state && window.states.at(-1) !== state) window.states.push(state);
  }).observe(control, { childList: true });
}"""


def test_r21_available_at_once_in_all_tabs_and_for_others(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    context, bruno = someone(), Desk(someone(), stack.url, make_agent(shop, "Bruno")).sign_in()
    expect(bruno.page.get_by_test_id("metric-available")).to_have_text("0 available")
    first = Desk(context, stack.url, make_agent(shop)).sign_in()
    second = Desk(context, stack.other_url, first.agent)
    second.page.goto(first.page.url)
    second.wait_for_line()
    waiting = arrivals(web_of(shop), 2)
    milliseconds = first.page.evaluate(TIME_OF_A_PRESS)
    assert milliseconds < 300
    expect(second.page.locator("#availability")).to_have_attribute("data-s", "on")
    for conversation in waiting:
        expect(first.row(conversation)).to_be_visible()
        expect(second.row(conversation)).to_be_visible()

    expect(bruno.page.get_by_test_id("metric-available")).to_have_text("1 available", timeout=12000)
    assert first.complaints == second.complaints == bruno.complaints == []


def test_r21_a_refusal_puts_the_status_back_and_says_why(stack: Stack, someone: NewContext) -> None:
    shop = make_project()
    desk = Desk(someone(), stack.url, make_agent(shop)).sign_in()
    status, toggle = desk.page.locator("#availability"), desk.page.get_by_test_id("accept-toggle")

    def no_console_any_more(route: Route, request: Request) -> None:
        desk.agent.consoles.update(lease_until=Now(), closed_at=Now())
        route.continue_()

    for handler, why in (
        (no_console_any_more, "You have no open console yet"),
        (lambda route: route.abort(), "That did not work. Try again in a moment."),
    ):
        desk.page.route("**/availability/", handler)
        desk.page.evaluate(REMEMBER_STATES)
        toggle.click()
        expect(desk.page.locator("toast-stack")).to_contain_text(why)
        expect(status).to_have_attribute("data-s", "off")
        expect(status).to_contain_text("Not available")
        assert desk.page.evaluate("window.states") == ["off", "on", "off"]
        desk.page.unroute("**/availability/")
    desk.page.context.set_offline(True)
    expect(status).to_contain_text("Reconnecting…")
    expect(toggle).to_be_disabled()
    desk.page.context.set_offline(False)
    desk.wait_for_line()
    desk.accept()  # and now it works
    assert not AvailabilityChange.objects.filter(agent=desk.agent, is_available=False).exists()


def test_r21_a_double_press_is_one(stack: Stack, someone: NewContext) -> None:
    shop = make_project()
    desk = Desk(someone(), stack.url, make_agent(shop)).sign_in()
    toggle = desk.page.get_by_test_id("accept-toggle")
    toggle.dblclick()
    expect(toggle).to_have_attribute("aria-disabled", "false")
    expect(desk.page.locator("#availability")).to_have_attribute("data-s", "on")
    expect(toggle).to_be_focused()  # the keyboard goes on where it was
    assert AvailabilityChange.objects.filter(agent=desk.agent).count() == 1
    assert desk.complaints == []


def test_r22_not_available_keeps_the_open_conversations(stack: Stack, someone: NewContext) -> None:
    """A reload keeps either state; a new sign-in starts Not available."""
    shop = make_project()
    desk = desk_of(make_agent(shop), someone(), stack.url)
    chat = Chat(someone(), stack.other_url, web_of(shop))
    chat.write("Where is my lamp?")
    expect(desk.rows()).to_have_count(1)
    desk.open(newest_of(shop))
    status = desk.page.locator("#availability")
    expect(desk.page.get_by_role("button", name="Stop accepting")).to_be_visible()
    desk.stop()
    expect(status).to_contain_text("Not available")
    chat.write("Hello?")
    expect(desk.bubble("Hello?")).to_be_visible()
    desk.answer("On its way")
    expect(chat.bubble("On its way")).to_be_visible()

    desk.page.reload()
    desk.wait_for_line()
    expect(status).to_have_attribute("data-s", "off")
    desk.accept()
    desk.page.reload()
    desk.wait_for_line()
    expect(status).to_have_attribute("data-s", "on")
    desk.page.get_by_role("button", name="Account: Ana").click()
    desk.page.get_by_role("button", name="Sign out").click()
    desk.page.get_by_role("button", name="Leave all and sign out").click()
    desk.page.wait_for_url("**/login/**")
    desk.sign_in(PASSWORD)
    expect(status).to_have_attribute("data-s", "off")
    expect(desk.rows()).to_have_count(1)
    assert desk.complaints == chat.complaints == []


def test_r23_who_is_available_gets_it_otherwise_it_waits(stack: Stack, someone: NewContext) -> None:
    """Also somebody who comes back, and whose last agent is not available."""
    shop = make_project()
    ana = desk_of(make_agent(shop), someone(), stack.url)
    bruno = Desk(someone(), stack.other_url, make_agent(shop, "Bruno")).sign_in()
    chat = Chat(someone(), stack.url, web_of(shop))
    chat.write("Where is my lamp?")
    expect(ana.rows()).to_have_count(1)
    ana.open(newest_of(shop))
    ana.end()
    ana.stop()
    bruno.accept()
    chat.write("It has not come")
    expect(bruno.rows()).to_have_count(1)
    assert holder_of(newest_of(shop)) == bruno.agent

    bruno.stop()
    write(web_of(shop))
    for desk in (ana, bruno):
        figure(desk, "queued", "1")
    expect(ana.rows()).to_have_count(0)
    expect(bruno.rows()).to_have_count(1)
    assert ana.complaints == bruno.complaints == chat.complaints == []
