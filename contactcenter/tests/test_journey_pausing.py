"""A break, and what nobody opened: why one takes no conversations is seen by all concerned."""

import datetime as dt
import re

import pytest
from django.db.models import F
from playwright.sync_api import expect

from agents.models import Agent, PauseReason, Project
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import arrivals, make_agent, make_project, make_supervisor
from contactcenter.tests.browsers import PHONE, Desk, Site
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import missed
from conversations.models import Assignment, Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    inbox = make_project().inboxes.get()
    for order, name in enumerate(["Break", "Lunch"]):
        PauseReason.objects.create(project=inbox.project, name=name, order=order)
    return inbox


def second_tab(desk: Desk, stack: Stack) -> Desk:
    other = Desk(desk.page.context, stack.other_url, desk.agent)
    other.page.goto(desk.page.url)
    other.wait_for_line()
    return other


def test_stop_is_one_press_then_the_reason_runs_in_every_tab(
    desk: Desk, web: Inbox, stack: Stack
) -> None:
    other = second_tab(desk, stack)
    other.page.get_by_test_id("accept-toggle").focus()
    menu = desk.page.locator("#pauses")
    expect(menu).to_be_hidden()
    desk.stop()
    expect(menu.get_by_role("button")).to_have_text(["Break", "Lunch"])
    expect(menu.locator(":focus")).to_have_count(0)
    expect(other.page.locator("#availability")).to_have_attribute("data-s", "off")
    expect(other.page.get_by_test_id("accept-toggle")).to_be_focused()
    expect(other.page.locator("#pauses")).to_be_hidden()  # nobody pressed there
    menu.get_by_role("button", name="Lunch").click()
    expect(menu).to_be_hidden()
    for each in (desk, other):
        status = each.page.locator("#availability .st")
        expect(status).to_contain_text(re.compile(r"Not available\s*·\s*Lunch\s*0:00:\d\d"))
        first = status.locator("running-time").inner_text()
        expect(status.locator("running-time")).not_to_have_text(first)
    desk.page.reload()
    desk.wait_for_line()
    expect(desk.page.locator("#availability .pause")).to_have_text("Lunch")
    desk.accept()
    for each in (desk, other):
        expect(each.page.locator("#availability .pause")).to_have_count(0)
    assert desk.complaints == other.complaints == []


def test_by_keyboard_alone(desk: Desk, web: Inbox) -> None:
    """Shift A stops; the menu takes the focus when it is asked to."""
    page = desk.page
    page.locator("#thread").focus()
    page.keyboard.press("Shift+A")
    menu = page.locator("#pauses")
    expect(menu).to_be_visible()
    expect(page.locator("#thread")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("button", name="Break")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#availability .pause")).to_have_text("Lunch")
    page.get_by_test_id("pause-reasons").focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.get_by_test_id("pause-reasons")).to_be_focused()


def test_a_reason_that_was_retired_meanwhile_is_refused_in_words(desk: Desk, web: Inbox) -> None:
    desk.stop()
    PauseReason.objects.filter(project=web.project, name="Lunch").update(is_active=False)
    desk.page.locator("#pauses").get_by_role("button", name="Lunch").click()
    expect(desk.page.locator("toast-stack")).to_contain_text("This reason is not offered.")
    expect(desk.page.locator("#availability .pause")).to_have_count(0)


def test_on_the_phone_reason_and_time_fit(stack: Stack, someone: NewContext, web: Inbox) -> None:
    ana = make_agent(web.project, "Ana")
    desk = Desk(someone(viewport=PHONE, has_touch=True), stack.url, ana).sign_in()
    desk.accept()
    desk.stop()
    button = desk.page.locator("#pauses").get_by_role("button", name="Lunch")
    box = button.bounding_box()
    assert box
    assert box["height"] >= 44
    assert desk.axe() == []
    button.click()
    expect(desk.page.locator("#availability")).to_contain_text(re.compile(r"Lunch\s*0:00:\d\d"))
    assert desk.overflow() == 0
    assert desk.axe() == []


def test_what_nobody_opens_goes_to_bruno_and_ana_is_told_why(
    desk: Desk, web: Inbox, stack: Stack, someone: NewContext
) -> None:
    """She is not at her desk: after two in a row she is not available, and Sofía knows."""
    Project.objects.filter(pk=web.project_id).update(most_missed=2)
    sofia = make_supervisor(web.project)
    Agent.objects.filter(pk=sofia.pk).update(is_agent=True)
    watching = Desk(someone(), stack.other_url, sofia).sign_in()
    held = arrivals(web, 2)
    expect(desk.rows()).to_have_count(2)
    bruno = Desk(someone(), stack.other_url, make_agent(web.project, "Bruno")).sign_in()
    bruno.accept()
    earlier = dt.timedelta(minutes=3)
    Assignment.objects.filter(conversation__in=held).update(started_at=F("started_at") - earlier)
    for conversation in held:  # the whole story was earlier, not only its last part
        conversation.queue_entries.update(
            arrived_at=F("arrived_at") - earlier,
            entered_at=F("entered_at") - earlier,
            ended_at=F("ended_at") - earlier,
        )
    desk.agent.availability_changes.update(at=F("at") - earlier)
    Agent.objects.filter(pk=desk.agent.pk).update(available_since=F("available_since") - earlier)
    Project.objects.filter(pk=web.project_id).update(open_within=dt.timedelta(minutes=2))
    missed.take_back()
    for conversation in held:
        expect(bruno.row(conversation).get_by_test_id("new-dot")).to_be_visible()
    expect(desk.rows()).to_have_count(0)
    banner = desk.page.locator("#paused [role=alert]")
    expect(banner).to_contain_text("2 conversations in a row were not opened in time")
    expect(desk.page.locator("#availability .pause")).to_have_text("Missed conversations")
    expect(watching.page.locator("toast-stack")).to_contain_text("Ana is not available")
    assert desk.axe() == []
    desk.accept()
    expect(banner).to_have_count(0)


def test_a_supervisor_sees_who_pauses_why_and_since_when(
    desk: Desk, web: Inbox, stack: Stack, someone: NewContext
) -> None:
    desk.stop()
    desk.page.locator("#pauses").get_by_role("button", name="Lunch").click()
    wait_until(lambda: desk.agent.availability_changes.filter(reason="Lunch").exists(), 10)
    site = Site(someone(), stack.url, make_supervisor(web.project))
    site.page.goto(f"{stack.url}/admin/agents/agent/")
    row = site.page.locator("#result_list tbody tr", has_text="Ana")
    expect(row.locator(".field-status")).to_have_text("Not available · Lunch")
    expect(row.locator(".field-available_since")).not_to_have_text("-")
