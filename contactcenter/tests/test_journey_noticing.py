"""What Ana notices on the phone: ticks, who types, why her; and what became of a message that did
not go out: its reason, a real new attempt, or its text back."""

import re
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Route, expect

from contactcenter.testing import arrivals, make_agent, make_project, order_status
from contactcenter.tests.browsers import PHONE, Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import closing
from conversations.models import Conversation, Inbox, Message

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def test_on_the_phone_one_sees_ticks_who_types_and_why_it_came(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    ana = make_agent(web.project, "Ana")
    desk = Desk(someone(viewport=PHONE, has_touch=True), stack.url, ana).sign_in()
    desk.accept()
    chat = Chat(someone(), stack.other_url, web)
    chat.write("Where is my lamp?")
    conversation = the_one(desk, web)
    desk.row(conversation).tap()
    page = desk.page
    desk.answer("On its way")
    mine = desk.bubble("On its way")
    expect(mine.get_by_text("Read", exact=True)).to_be_attached()
    expect(mine.locator(".i-checks")).to_be_visible()  # Lucía's page is open: two ticks
    chat.box.press_sequentially("Thank")
    typing = page.locator("#thread .typing")
    expect(typing).to_be_visible()
    expect(typing).to_be_in_viewport()
    assert desk.overflow() == 0
    page.get_by_role("button", name="Contact details", exact=True).tap()
    why = page.locator("#contact section", has_text="Why you")
    expect(why.get_by_text("You had 0 open conversations")).to_be_in_viewport()
    assert desk.axe() == [] and desk.overflow() == 0
    page.get_by_role("button", name="Close contact details").tap()
    expect(mine).to_be_visible()


def the_one(desk: Desk, web: Inbox) -> Conversation:
    expect(desk.rows()).to_have_count(1)
    return Conversation.objects.get(project=web.project)


def test_try_again_is_a_new_attempt_with_the_same_name(desk: Desk, web: Inbox) -> None:
    """Also while the line is lost once more: it waits, and goes out once."""
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    page, posts = desk.page, list[str]()

    def refuse_twice(route: Route) -> None:
        posts.append(parse_qs(route.request.post_data or "")["id"][0])
        if len(posts) <= 2:
            route.fulfill(status=422, content_type="text/plain", body="Not just now.")
        else:
            route.continue_()

    page.route("**/messages/", refuse_twice)
    desk.answer("On its way")
    failed = desk.bubble("On its way")
    expect(failed).to_contain_text("Not sent. Not just now.")
    failed.get_by_role("button", name="Try again").press("Enter")
    expect(failed).to_contain_text("Not sent. Not just now.")  # it was asked, and refused anew
    assert len(posts) == 2
    page.context.set_offline(True)
    failed.get_by_role("button", name="Try again").click()
    expect(failed).to_contain_text("Sending")
    page.context.set_offline(False)
    expect(failed).to_have_attribute("data-seq", "2")
    assert len(set(posts)) == 1 and posts[0] in str(failed.get_attribute("id"))
    mine = Message.objects.filter(conversation=conversation, agent=desk.agent)
    assert [str(message.client_id) for message in mine] == [posts[0]]


def test_after_somebody_else_was_first_its_text_is_not_lost(
    desk: Desk, web: Inbox, stack: Stack
) -> None:
    """Ended in the very moment: the answer is 409, and there is nobody to try again with."""
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    page = desk.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=stack.url)

    def too_late(route: Route) -> None:
        closing.end(
            agent=desk.agent,
            conversation=conversation,
            typification=order_status(web.project),
            comment="",
        )
        route.continue_()

    page.route("**/messages/", too_late, times=1)
    with page.expect_response(re.compile("/messages/$")) as answered:
        desk.answer("It is on its way, the number is 4711.")
    assert answered.value.status == 409
    failed = desk.bubble("It is on its way")
    expect(failed).to_contain_text("Not sent. This conversation is over")
    failed.get_by_role("button", name="Copy text").click()
    expect(failed).to_have_count(0)
    text = "navigator.clipboard.readText()"
    assert page.evaluate(text) == "It is on its way, the number is 4711."
    assert conversation.messages.filter(author="agent").count() == 0
