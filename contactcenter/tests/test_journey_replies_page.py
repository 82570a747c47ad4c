"""Quick replies are kept on a page beside the list."""

import re

import pytest
from playwright.sync_api import expect

from agents.models import Agent
from contactcenter.testing import make_agent, write
from contactcenter.tests.browsers import Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.lending import page_of
from contactcenter.tests.replies import box, open_one, shop_with_replies
from contactcenter.tests.stack import Stack
from conversations.models import Conversation, Inbox, QuickReply

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return shop_with_replies()


@pytest.fixture
def opened(desk: Desk, web: Inbox) -> Conversation:
    return open_one(desk, web)


def test_they_are_kept_on_a_page_beside_the_list_and_the_line_stays(
    desk: Desk, opened: Conversation
) -> None:
    """Adding, a mistake, changing, deleting; all by keyboard where one types."""
    page = desk.page
    page.get_by_role("link", name="Quick replies").first.click()
    expect(page.locator("#thread h1:visible")).to_have_text("Quick replies")
    expect(page.get_by_role("link", name="Quick replies").first).to_have_attribute(
        "aria-current", "page"
    )
    expect(page.locator("#reply-text")).to_be_visible()
    assert page.url.endswith("/replies/")
    expect(page.locator("li.card", has_text="/hello").get_by_role("link")).to_have_count(0)
    page.locator("#reply-shortcut").fill("two words")
    page.locator("#reply-text").fill("Hello {contact}")
    page.locator("#reply-shortcut").press("Enter")
    expect(page.locator("#reply-shortcut-error")).to_contain_text("Letters, digits")
    expect(page.locator("#reply-shortcut")).to_be_focused()
    expect(page.locator("#reply-text")).to_have_value("Hello {contact}")
    page.locator("#reply-shortcut").fill("/mine")
    posts = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    page.route("**/replies/", lambda route: route.abort())
    page.get_by_role("button", name="Save").click()
    failed = page.locator(".reply-form").get_by_role("alert").filter(has_text="That did not work.")
    expect(failed).to_be_visible()
    expect(page.locator("#reply-text")).to_have_value("Hello {contact}")  # nothing is lost
    expect(page.locator("#thread .loading")).to_have_count(0)
    page.unroute("**/replies/")
    page.get_by_role("button", name="Save").dblclick()  # once is enough
    expect(page.get_by_role("status").filter(has_text="/mine is saved.")).to_be_visible()
    page.get_by_role("link", name="Edit /mine").click()
    expect(page.locator("#reply-text")).to_have_value("Hello {contact}")
    page.locator("#reply-text").fill("Hello again")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("li.card", has_text="/mine")).to_contain_text("Hello again")
    assert page.url.endswith("/replies/")
    page.locator("li.card", has_text="/mine").locator("summary").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status").filter(has_text="/mine is deleted.")).to_be_visible()
    assert not QuickReply.objects.filter(agent=desk.agent).exists()
    expect(desk.row(opened)).to_be_visible()  # the console is still there, and hears
    write(opened.inbox, opened.identity, "Still there?")
    expect(desk.row(opened)).to_contain_text("Still there?")
    page.go_back()
    desk.row(opened).locator("a").click()
    expect(box(desk)).to_be_visible()
    assert len([url for url in posts if url.endswith("/replies/")]) == 2  # the lost one, and one
    own = re.compile("422|ERR_FAILED|htmx:sendError")  # what the browser and htmx say of it
    complaints = [text for text in desk.complaints if not own.search(text)]
    assert complaints == []


def test_a_supervisor_who_answers_shares_them_there(
    stack: Stack, someone: NewContext, desk: Desk, opened: Conversation, web: Inbox
) -> None:
    vera = Desk(someone(), stack.url, make_agent(web.project, "Vera", is_supervisor=True)).sign_in()
    page = vera.page
    page.goto(f"{stack.url}/p/{web.project.slug}/replies/")
    page.locator("#reply-shortcut").fill("news")
    page.locator("#reply-text").fill("Opening hours have changed.")
    page.get_by_label("Who may use it").select_option(label="everybody in Support")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("li.card", has_text="/news")).to_contain_text("Support")
    desk.page.keyboard.type("/")
    expect(desk.page.get_by_role("option", name="/news")).to_be_visible()
    page.locator("li.card", has_text="/hello").locator("summary").click()
    expect(page.locator("li.card", has_text="/hello")).to_contain_text("for everybody?")


def test_without_a_script_they_are_kept_by_forms(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    ana: Agent = make_agent(web.project, "Ana")
    desk = Desk(someone(), stack.url, ana).sign_in()
    plain = someone(java_script_enabled=False)
    plain.add_cookies(desk.page.context.cookies())
    page = page_of(plain)
    page.goto(f"{stack.url}/p/{web.project.slug}/replies/")
    page.locator("#reply-shortcut").fill("mine")
    page.locator("#reply-text").fill("My own words.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Edit /mine").click()
    page.locator("#reply-text").fill("Other words.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("li.card", has_text="/mine")).to_contain_text("Other words.")
    page.locator("li.card", has_text="/mine").locator("summary").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("summary")).to_have_count(0)
    assert not QuickReply.objects.filter(agent=ana).exists()
