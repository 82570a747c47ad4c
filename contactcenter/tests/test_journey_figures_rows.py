"""The figures above the console, against known waits, and live (R11–R14, R19)."""

import datetime as dt
import re

import pytest
from django.db import transaction
from django.db.models import F
from playwright.sync_api import Locator, expect

from agents import live
from agents.models import ConsoleSession
from contactcenter.testing import arrivals, make_agent, make_project, ready, write
from contactcenter.tests.browsers import PHONE, Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import closing, metrics, routing
from conversations.models import Conversation, Inbox, QueueEntry

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


@pytest.fixture
def desk(stack: Stack, someone: NewContext, web: Inbox) -> Desk:
    """Ana at her console, not available: she only looks."""
    return Desk(someone(), stack.url, make_agent(web.project, "Ana")).sign_in()


def figure(desk: Desk, name: str) -> Locator:
    return desk.page.get_by_test_id(f"metric-{name}")


def attended_after(web: Inbox, *waits: int) -> list[Conversation]:
    """So many customers waited so many seconds each, then somebody with room took them."""
    conversations = arrivals(web, len(waits))
    with transaction.atomic():
        now = routing.lock(web.project_id)
        for conversation, seconds in zip(conversations, waits, strict=True):
            began = now - dt.timedelta(seconds=seconds)
            conversation.queue_entries.update(arrived_at=began, entered_at=began)
        ready(make_agent(web.project, "Bruno"))
        assert len(routing.fill(web.project_id, now=now)) == len(waits)
    return conversations


def waiting_since(conversation: Conversation, seconds: int) -> None:
    """It has been in the queue for so long, and the screens are told."""
    began = F("entered_at") - dt.timedelta(seconds=seconds)
    conversation.queue_entries.update(arrived_at=began, entered_at=began)
    live.mark_queue(conversation.project_id)


def leave_the_line(web: Inbox) -> None:
    """Nobody is ready any more; open conversations stay."""
    ConsoleSession.objects.filter(
        agent__project=web.project, agent__user__first_name="Bruno"
    ).delete()


def test_r11_average_waiting_time_is_the_mean_of_those_who_waited_and_were_attended(
    desk: Desk, web: Inbox
) -> None:
    expect(figure(desk, "avg")).to_have_text(metrics.NO_SAMPLE)
    tip = desk.page.locator("#about-average")
    desk.page.get_by_role("button", name="Average waiting time").hover()
    expect(tip).to_contain_text("Nobody has waited and been attended today.")
    attended_after(web, 10, 20, 60)
    expect(figure(desk, "avg")).to_have_text("0:30")  # without a reload
    expect(tip).to_contain_text("From 3 waits.")  # still shown, though the figures are new
    entries = QueueEntry.objects.filter(project=web.project)
    began = F("ended_at") - dt.timedelta(seconds=3661)
    entries.update(arrived_at=began, entered_at=began)
    live.mark_queue(web.project_id)
    expect(figure(desk, "avg")).to_have_text("1:01:01")
    yesterday = metrics.today(web.project) - dt.timedelta(seconds=1)
    entries.update(arrived_at=yesterday, entered_at=yesterday, ended_at=yesterday)
    live.mark_queue(web.project_id)
    expect(figure(desk, "avg")).to_have_text(metrics.NO_SAMPLE)  # the window is today
    assert desk.complaints == []


@pytest.mark.breaks_promises  # waits made older by hand
def test_r12_who_left_who_still_waits_and_who_came_straight_in_do_not_count(
    desk: Desk, web: Inbox
) -> None:
    attended_after(web, 10, 20, 60)
    (straight_in,) = arrivals(web, 1)
    assert straight_in.assignments.exists()
    leave_the_line(web)
    gone, waits = arrivals(web, 2)
    waiting_since(gone, 600)
    closing.abandon(conversation=gone)
    waiting_since(waits, 900)
    expect(figure(desk, "queued")).to_have_text("1")
    expect(figure(desk, "longest")).to_contain_text(re.compile(r"15:0\d"))
    expect(figure(desk, "avg")).to_have_text("0:30")
    expect(figure(desk, "max")).to_have_text("1:00")


@pytest.mark.breaks_promises  # waits made older by hand
def test_r13_maximum_waiting_time_rises_only_when_somebody_is_attended(
    desk: Desk, web: Inbox
) -> None:
    expect(figure(desk, "max")).to_have_text(metrics.NO_SAMPLE)
    attended_after(web, 10, 20, 60)
    expect(figure(desk, "max")).to_have_text("1:00")
    leave_the_line(web)
    gone, waits = arrivals(web, 2)
    waiting_since(gone, 600)
    closing.abandon(conversation=gone)
    waiting_since(waits, 120)
    longest = figure(desk, "longest").locator("running-time")
    expect(longest).to_have_class(re.compile("warn"))  # amber from a minute on
    expect(longest).to_have_text(re.compile("2:0[0-9]"))
    shown = longest.text_content()
    expect(longest).not_to_have_text(shown or "")  # it runs by itself
    expect(figure(desk, "max")).to_have_text("1:00")
    with transaction.atomic():
        now = routing.lock(web.project_id)
        began = now - dt.timedelta(seconds=120)
        waits.queue_entries.update(arrived_at=began, entered_at=began)
        ready(make_agent(web.project, "Bruno"))
        routing.fill(web.project_id, now=now)
    expect(figure(desk, "max")).to_have_text("2:00")
    expect(figure(desk, "longest")).to_contain_text(metrics.NO_SAMPLE)


def test_r14_queued_users_are_people_live(
    desk: Desk, web: Inbox, stack: Stack, someone: NewContext
) -> None:
    expect(figure(desk, "queued")).to_have_text("0")
    chat = Chat(someone(), stack.other_url, web)
    for text in ("Hello", "Is anybody there?", "I am in a hurry"):
        chat.write(text)
    expect(chat.bubble("I am in a hurry")).to_be_visible()
    expect(figure(desk, "queued")).to_have_text("1")
    (second,) = arrivals(web, 1)
    expect(figure(desk, "queued")).to_have_text("2")
    write(web, second.identity, "Me again")
    waiting_since(second, 200)
    expect(figure(desk, "longest").locator("running-time")).to_have_class(re.compile("bad"))
    expect(figure(desk, "queued")).to_have_text("2")
    closing.abandon(conversation=second)
    expect(figure(desk, "queued")).to_have_text("1")
    desk.accept()
    expect(figure(desk, "queued")).to_have_text("0")
    assert desk.complaints == []


def test_r19_online_agents_are_people_with_a_live_line(
    desk: Desk, web: Inbox, stack: Stack, someone: NewContext
) -> None:
    expect(figure(desk, "online")).to_have_text("1")  # not available, and counted
    expect(figure(desk, "available")).to_have_text("0 available")
    bruno = make_agent(web.project, "Bruno")
    context = someone()
    desks = [Desk(context, stack.other_url, bruno).sign_in()]
    desks.append(Desk(context, stack.url, bruno))
    desks[1].page.goto(f"{stack.url}/p/{web.project.slug}/")
    desks[1].wait_for_line()
    expect(figure(desk, "online")).to_have_text("2")  # two tabs are one agent
    desks[0].accept()
    expect(figure(desk, "available")).to_have_text("1 available")
    for each in desks:
        each.page.close()
    expect(figure(desk, "available")).to_have_text("0 available")
    assert metrics.figures(web.project).online == 2  # for the grace time
    ConsoleSession.objects.filter(agent=bruno).update(online_until=dt.datetime.now(dt.UTC))
    live.mark_queue(web.project_id)
    expect(figure(desk, "online")).to_have_text("1")


def test_r19_signing_out_counts_at_once(
    desk: Desk, web: Inbox, stack: Stack, someone: NewContext
) -> None:
    bruno = Desk(someone(), stack.other_url, make_agent(web.project, "Bruno")).sign_in()
    expect(figure(desk, "online")).to_have_text("2")
    bruno.page.get_by_role("button", name="Account:").click()
    bruno.page.get_by_role("button", name="Sign out").click()
    expect(figure(desk, "online")).to_have_text("1", timeout=5000)  # the grace would be 30 s


def test_r11_what_a_figure_means_is_said_by_key_pointer_and_touch(
    desk: Desk, web: Inbox, stack: Stack, someone: NewContext
) -> None:
    page, tip = desk.page, desk.page.locator("#about-average")
    button = page.get_by_role("button", name="Average waiting time")
    expect(button).to_have_accessible_description(re.compile("who is still waiting, who left"))
    button.focus()
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    arrivals(web, 1)  # new figures do not bring it back
    expect(figure(desk, "queued")).to_have_text("1")
    expect(button).to_be_focused()
    expect(tip).to_be_hidden()
    page.keyboard.press("Tab")
    expect(page.locator("#about-maximum")).to_be_visible()
    button.hover()
    expect(tip).to_be_visible()
    expect(page.locator("#about-maximum")).to_be_hidden()
    tip.hover()
    expect(tip).to_be_visible()  # one can go and read it
    phone = Desk(someone(viewport=PHONE, has_touch=True), stack.url, desk.agent).sign_in()
    for away in ("#about-queued", ".proj"):  # a tap on it, a tap elsewhere
        phone.page.get_by_role("button", name="Queued users").tap()
        expect(phone.page.locator("#about-queued")).to_be_visible()
        phone.page.locator(away).tap()
        expect(phone.page.locator("#about-queued")).to_be_hidden()
