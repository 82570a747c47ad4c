"""Which project, which address, and the first screen (R7–R10)."""

import re

import pytest
from playwright.sync_api import Page, expect

from agents.models import Agent, User
from contactcenter.testing import (
    PASSWORD,
    arrivals,
    holder_of,
    make_agent,
    make_project,
    ready,
)
from contactcenter.tests.browsers import Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.lending import page_of
from contactcenter.tests.stack import Stack

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


def fill_in(page: Page, user: str, password: str = PASSWORD) -> None:
    page.get_by_label("User", exact=True).fill(user)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("Password", exact=True).press("Enter")


def test_r7_the_projects_one_belongs_to_and_no_others(stack: Stack, someone: NewContext) -> None:
    north, lake = make_project("Tienda Norte"), make_project("Viajes Lago")
    clinic = make_project("Clínica Parque")
    ana = make_agent(north, "Ana")
    also = Agent.objects.create(user=ana.user, project=lake)
    also.campaigns.set(lake.campaigns.all())
    page = page_of(someone())
    page.goto(f"{stack.url}/login/")
    fill_in(page, ana.user.username)
    page.wait_for_url("**/projects/")
    expect(page.locator(".plist a")).to_have_count(2)
    expect(page.get_by_text("Clínica Parque")).to_have_count(0)
    page.get_by_role("link", name=re.compile("Viajes Lago")).click()
    page.wait_for_url(f"**/p/{lake.slug}/")
    ready(ana)
    arrivals(north.inboxes.get(), 1)
    expect(page.locator("#items > li")).to_have_count(0)
    page.get_by_role("link", name="Switch project: Viajes Lago").click()
    page.get_by_role("link", name=re.compile("Tienda Norte")).click()
    page.wait_for_url(f"**/p/{north.slug}/")
    expect(page.locator("#items > li")).to_have_count(1)
    for path in (f"/p/{clinic.slug}/", "/p/no-such-project/"):
        answer = page.goto(stack.url + path)
        assert answer and answer.status == 404
        expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_r7_one_project_is_entered_at_once_and_none_says_whom_to_ask(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project(administrator_contact="Sofía, extension 12")
    ana, left = make_agent(shop, "Ana"), make_agent(shop, "Bruno", is_active=False)
    stranger = User.objects.create_user(f"new-{ana.pk}", password=PASSWORD)
    page = page_of(someone())
    page.goto(stack.url)
    fill_in(page, ana.user.username)
    page.wait_for_url(f"**/p/{shop.slug}/")
    expect(page.get_by_role("link", name=re.compile("Switch project"))).to_have_count(0)
    for user, contact in ((left.user, 1), (stranger, 0)):
        page = page_of(someone())
        page.goto(stack.url)
        fill_in(page, user.username)
        expect(page.get_by_role("heading", name="No access to the console")).to_be_visible()
        expect(page.get_by_text("Sofía, extension 12")).to_have_count(contact)
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_r8_a_bookmark_leads_to_the_sign_in_and_back(stack: Stack, someone: NewContext) -> None:
    """Also to one conversation, with all that its address says."""
    shop = make_project()
    ana = ready(make_agent(shop, "Ana"))
    (conversation,) = arrivals(shop.inboxes.get(), 1)
    home = f"{stack.url}/p/{shop.slug}/"
    for bookmark in (home, f"{home}c/{conversation.pk}/"):
        page = page_of(someone())
        page.goto(bookmark)
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        fill_in(page, ana.user.username, "wrong")  # the wish survives a mistake
        fill_in(page, ana.user.username)
        page.wait_for_url(bookmark)
        expect(page.locator("#items > li")).to_have_count(1)
    expect(page.locator("#thread")).to_have_attribute("data-conversation", str(conversation.pk))


def test_r9_two_tabs_of_ana_stay_in_step_and_count_as_one(
    stack: Stack, someone: NewContext
) -> None:
    """R9, R28: a customer writes, one tab answers, both show it; the second on another process."""
    shop = make_project()
    ana = make_agent(shop, "Ana")
    context = someone()
    first = Desk(context, stack.url, ana).sign_in()
    second = Desk(context, stack.other_url, ana)
    second.page.goto(first.page.url.replace(stack.url, stack.other_url))
    second.wait_for_line()
    first.accept()
    expect(second.page.locator("#availability")).to_have_attribute("data-s", "on")
    chat = Chat(someone(), stack.other_url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    expect(second.rows().get_by_test_id("new-dot")).to_be_visible()
    first.rows().locator("a").click()
    expect(second.rows().get_by_test_id("new-dot")).to_have_count(0)
    first.answer("On its way")
    expect(chat.bubble("On its way")).to_be_visible()
    expect(second.rows()).to_contain_text("On its way")
    for tab in (first, second):
        expect(tab.page.get_by_test_id("metric-online")).to_have_text("1")
        assert tab.complaints == []


def test_r10_the_first_screen_has_all_its_parts_and_begins_not_available(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ana = ready(make_agent(shop, "Ana"))
    (before,) = arrivals(shop.inboxes.get(), 1)
    assert holder_of(before) == ana
    ana.consoles.all().delete()  # yesterday's console
    desk = Desk(someone(), stack.url, ana).sign_in(PASSWORD)
    page = desk.page
    for figure in ("avg", "max", "queued", "online"):
        expect(page.get_by_test_id(f"metric-{figure}")).to_have_text(re.compile(r"^(–|[\d:]+)$"))
    expect(page.locator("#availability")).to_contain_text("Not available")
    expect(page.get_by_role("button", name="Accept new conversations")).to_be_enabled()
    expect(page.get_by_role("heading", name="My conversations")).to_be_visible()
    expect(page.locator("#thread")).to_be_visible()
    expect(page.locator("#thread .msg")).to_have_count(0)
    expect(desk.row(before)).to_be_visible()
    arrivals(shop.inboxes.get(), 1)
    expect(page.get_by_test_id("metric-queued")).to_have_text("1", timeout=3000)
    expect(desk.rows()).to_have_count(1)  # nothing before the press
    assert desk.complaints == []
    assert desk.axe() == []
