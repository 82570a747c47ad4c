"""Rows R54 and R55: all at once, and to the specialists of another campaign."""

import pytest
from playwright.sync_api import expect

from agents.models import Agent, Campaign
from contactcenter.testing import (
    arrivals,
    make_agent,
    make_customer,
    make_project,
    write,
)
from contactcenter.tests.browsers import PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.giving import SIZES, SOON, at_work, dialog_of, start_transfer, taker
from contactcenter.tests.lending import page_of
from contactcenter.tests.stack import Stack
from conversations.models import Inbox, Note

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def test_r54_everything_goes_to_bruno_by_keyboard_and_menu(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    """3 conversations: 0 and 3. What does not fit stays, and is named."""
    shop = web.project
    people = [
        write(web, make_customer(web, name)).conversation for name in ("Lucía", "Mateo", "Renata")
    ]
    expect(desk.rows()).to_have_count(3)
    desk.stop()
    theirs = at_work(stack, someone, make_agent(shop, "Bruno", capacity=2))
    desk.page.get_by_role("button", name="Account: Ana").click()
    desk.page.get_by_role("link", name="Transfer all…").click()
    dialog = dialog_of(desk)
    taker(desk, theirs.agent).click()
    dialog.get_by_role("button", name="Transfer all to Bruno").click()
    said = "2 conversations transferred to Bruno. No slot was free for: Renata."
    expect(desk.page.locator("toast-stack")).to_contain_text(said)
    expect(desk.rows()).to_have_count(1)
    expect(theirs.rows()).to_have_count(2, timeout=SOON)
    Agent.objects.filter(pk=theirs.agent.pk).update(capacity=6)

    desk.open(people[2])
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("t")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    desk.page.keyboard.type("bru")
    desk.page.keyboard.press("Enter")
    expect(taker(desk, theirs.agent).locator("input")).to_be_checked()
    desk.page.keyboard.press("Enter")
    expect(desk.rows()).to_have_count(0)
    expect(theirs.rows()).to_have_count(3, timeout=SOON)
    assert desk.complaints == theirs.complaints == []


@SIZES
def test_r55_the_specialists_of_a_campaign_and_its_queue(
    stack: Stack, someone: NewContext, web: Inbox, viewport: dict[str, int]
) -> None:
    """The filter shows only those; the conversation takes the campaign of whoever gets it."""
    shop = web.project
    after_sales = Campaign.objects.create(project=shop, name="After-sales")
    desk = at_work(
        stack,
        someone,
        make_agent(shop, "Ana", campaigns=[web.campaign]),
        viewport=viewport,
    )
    diego = make_agent(shop, "Diego", campaigns=[after_sales])
    elena = make_agent(shop, "Elena", campaigns=[after_sales, web.campaign])
    bruno = make_agent(shop, "Bruno", campaigns=[web.campaign])
    first, second = arrivals(web, 2)
    theirs = at_work(stack, someone, diego)
    dialog = start_transfer(desk, first)
    dialog.get_by_role("button", name="After-sales").click()
    for agent in (diego, elena):
        expect(taker(desk, agent)).to_be_visible()
        expect(taker(desk, agent)).to_contain_text("After-sales")
    expect(taker(desk, bruno)).to_be_hidden()
    dialog.get_by_role("button", name="After-sales").click()
    expect(taker(desk, bruno)).to_be_visible()
    taker(desk, diego).click()
    dialog.get_by_role("button", name="Transfer to Diego").click()
    expect(theirs.row(first)).to_be_visible(timeout=SOON)
    first.refresh_from_db()
    assert first.campaign == after_sales

    theirs.stop()
    if viewport == PHONE:
        expect(desk.row(second)).to_be_visible()
    dialog = start_transfer(desk, second)
    dialog.get_by_role("tab", name="Campaigns").click()
    dialog.locator("#queues .taker", has_text="where it is now").click()
    dialog.get_by_role("button", name=f"Transfer to {web.campaign.name}").click()
    expect(desk.page.locator("toast-stack")).to_contain_text("it came back to you.")
    expect(desk.page.locator("#thread")).to_have_attribute("data-conversation", str(second.pk))
    expect(desk.row(second)).to_have_attribute("data-new", "0")  # it is open: no dot, not missed
    desk.page.keyboard.press("Escape")
    dialog = start_transfer(desk, second)
    dialog.get_by_role("tab", name="Campaigns").click()
    queue = dialog.locator("#queues .taker", has_text="After-sales")
    expect(queue).to_contain_text("0 waiting")
    queue.click()
    dialog.get_by_role("button", name="Transfer to After-sales").click()
    expect(desk.page.locator("toast-stack")).to_contain_text("It waits in After-sales now.")
    expect(desk.row(second)).to_have_count(0)
    theirs.accept()
    expect(theirs.row(second)).to_be_visible(timeout=SOON)
    assert desk.overflow() == 0
    assert desk.complaints == theirs.complaints == []


def test_r53_r55_without_scripts_it_is_a_page(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    (conversation,) = arrivals(web, 1)
    theirs = at_work(stack, someone, make_agent(web.project, "Bruno"))
    cookies = desk.page.context.cookies()
    plain = someone(java_script_enabled=False)
    plain.add_cookies(cookies)  # type: ignore[arg-type]
    page = page_of(plain)
    page.goto(f"{stack.url}{conversation.get_absolute_url()}")
    page.get_by_test_id("transfer").click()
    page.locator(f"#taker-{theirs.agent.pk}").click()
    page.locator("textarea").fill("From a page")
    page.get_by_role("button", name="Transfer").click()
    page.wait_for_url(f"**/p/{web.project.slug}/")
    expect(theirs.row(conversation)).to_be_visible(timeout=SOON)
    assert Note.objects.get(conversation=conversation).text == "From a page"
