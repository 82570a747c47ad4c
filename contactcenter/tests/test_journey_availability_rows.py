"""Accepting and stopping (R20–R23): the press, and who gets what then."""

from typing import Any

import pytest
from django.db.models.functions import Now
from playwright.sync_api import Request, Route, expect

from agents.models import Agent, AvailabilityChange, Project
from contactcenter.testing import (
    PASSWORD,
    arrivals,
    holder_of,
    make_agent,
    make_project,
    write,
)
from contactcenter.tests.browsers import WORDS, Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Conversation, Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
SOON = 3_000  # ms for what follows a change on another screen; figures come once a second
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


def desk_of(agent: Agent, context: Any, url: str) -> Desk:
    desk = Desk(context, url, agent).sign_in()
    desk.accept()
    return desk


def figure(desk: Desk, name: str, value: str) -> None:
    expect(desk.page.get_by_test_id(f"metric-{name}")).to_have_text(value, timeout=SOON)


def web_of(project: Project) -> Inbox:
    return project.inboxes.get()


def newest_of(project: Project) -> Conversation:
    return Conversation.objects.filter(project=project).latest("started_at")


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
