"""Row R53 where transfers are offers: somebody is asked, and answers."""

import re

import pytest
from playwright.sync_api import expect

from agents.models import Project
from contactcenter.testing import (
    arrivals,
    holder_of,
    make_agent,
    make_customer,
    make_project,
    write,
)
from contactcenter.tests.browsers import Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.giving import SIZES, SOON, at_work, give, listening
from contactcenter.tests.stack import Stack
from contactcenter.tests.test_journey_sound import wait_for_sounds
from conversations.models import Inbox, Offer

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


@pytest.fixture
def offering(web: Inbox) -> Project:
    Project.objects.filter(pk=web.project_id).update(transfers_are_offers=True)
    return web.project


@SIZES
def test_r53_an_offer_is_refused_withdrawn_and_accepted(
    offering: Project,
    stack: Stack,
    someone: NewContext,
    desk: Desk,
    web: Inbox,
    viewport: dict[str, int],
) -> None:
    conversation = write(web, make_customer(web, "Lucía"), "Where is my lamp?").conversation
    theirs = listening(stack, someone, make_agent(offering, "Bruno"), viewport=viewport)
    other_tab = Desk(desk.page.context, stack.other_url, desk.agent)
    offer, withdraw = theirs.page.get_by_test_id("offer"), desk.page.get_by_test_id("withdraw")

    give(desk, conversation, theirs.agent, note="Wants a new one")
    expect(offer).to_contain_text("Wants a new one", timeout=SOON)
    for word in ("Lucía", "Web", "from Ana"):
        expect(offer).to_contain_text(word)
    expect(offer.locator("running-time")).to_have_text(re.compile(r"0:\d\d"))
    expect(theirs.page.locator("#announce")).to_have_text("Ana offers you Lucía, Web")
    expect(theirs.page.get_by_test_id("slots")).to_have_text("1 / 6")
    wait_for_sounds(1, theirs.page)
    other_tab.page.goto(desk.page.url)
    for page in (desk.page, other_tab.page):
        expect(page.locator(".made-offer")).to_contain_text("Offered to Bruno")
    assert theirs.fine() == desk.fine() == []
    theirs.page.route("**/offers/*/", lambda route: route.abort())
    refuse = offer.get_by_role("button", name="Refuse")
    refuse.press("Enter")
    expect(offer.get_by_role("alert")).to_contain_text("That did not work.")
    expect(refuse).to_be_focused()
    theirs.page.unroute("**/offers/*/")
    theirs.complaints.clear()  # what the browser said of it
    refuse.dblclick()
    expect(offer).to_have_count(0)
    expect(theirs.page.locator("#thread")).to_be_focused()
    expect(theirs.page.locator(".toast", has_text="over by now")).to_have_count(0)
    for page in (desk.page, other_tab.page):
        expect(page.locator(".made-offer")).to_contain_text("Bruno cannot take it now.")
    expect(theirs.page.get_by_test_id("slots")).to_have_text("0 / 6")

    give(desk, conversation, theirs.agent)
    expect(offer).to_have_count(1, timeout=SOON)
    withdraw.click()
    expect(withdraw).to_have_count(0)
    expect(offer).to_have_count(0, timeout=SOON)

    give(desk, conversation, theirs.agent)
    offer.get_by_role("button", name="Accept").click()
    expect(theirs.row(conversation)).to_be_visible()
    expect(offer).to_have_count(0)
    expect(desk.row(conversation)).to_have_count(0)
    expect(desk.page.locator("toast-stack")).to_contain_text("Bruno has it now.")
    assert holder_of(conversation) == theirs.agent
    assert theirs.complaints == []


def test_r53_an_offer_comes_and_goes_while_the_line_is_cut(
    offering: Project, stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    """What the lost pushes said is on the screens when the line is back. (At another browser of his
    Bruno is there all the time.)"""
    (conversation,) = arrivals(web, 1)
    theirs = at_work(stack, someone, make_agent(offering, "Bruno"))
    Desk(someone(), stack.url, theirs.agent).sign_in()
    offer = theirs.page.get_by_test_id("offer")
    theirs.page.context.set_offline(True)
    line = theirs.page.locator("availability-control")
    give(desk, conversation, theirs.agent)
    expect(line).to_have_attribute("data-line", "down", timeout=40_000)
    theirs.page.context.set_offline(False)
    theirs.wait_for_line()
    expect(offer).to_have_count(1, timeout=15_000)
    theirs.page.context.set_offline(True)
    desk.page.get_by_test_id("withdraw").click()
    expect(desk.page.get_by_test_id("withdraw")).to_have_count(0)
    expect(line).to_have_attribute("data-line", "down", timeout=40_000)
    theirs.page.context.set_offline(False)
    theirs.wait_for_line()
    expect(offer).to_have_count(0, timeout=15_000)
    assert Offer.objects.get(project=offering).outcome == Offer.Outcome.WITHDRAWN
