"""What the console says while it waits, and when something did not come."""

import pytest
from django.db import transaction
from playwright.sync_api import Route, expect

from contactcenter.testing import arrivals, make_project, write
from contactcenter.tests.browsers import Desk
from conversations import broadcasts, routing
from conversations.models import Conversation, Inbox, QueueEntry

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def back_to_the_queue(conversation: Conversation) -> None:
    """It is nobody's any more, and Ana's screen was not told."""
    with transaction.atomic():
        now = routing.lock(conversation.project_id)
        conversation.assignments.update(ended_at=now, outcome="released")
        QueueEntry.objects.create(
            project=conversation.project,
            campaign=conversation.campaign,
            conversation=conversation,
            arrived_at=now,
            entered_at=now,
            is_first=False,
        )


def test_an_empty_desk_says_what_is_the_case(desk: Desk, web: Inbox) -> None:
    main = desk.page.locator("#thread")
    expect(main.get_by_role("heading", name="No conversations yet")).to_be_visible()
    expect(main).to_contain_text("The next person in the queue comes straight to you.")
    expect(desk.page.locator(".list")).to_contain_text("Nothing assigned to you.")
    desk.stop()
    arrivals(web, 1)
    expect(main.get_by_role("heading", name="You are not taking conversations")).to_be_visible()
    expect(main).to_contain_text("1 person is waiting in the queue.")
    desk.accept()
    expect(main.get_by_role("heading", name="Choose a conversation")).to_be_visible()


def test_a_thread_that_takes_its_time_shows_that_it_comes(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    held: list[Route] = []
    desk.page.route(f"**{conversation.get_absolute_url()}", lambda route: held.append(route))
    desk.row(conversation).locator("a").click()
    expect(desk.page.locator("#thread .loading")).to_be_visible()
    held[0].continue_()
    expect(desk.bubble("I am number 1")).to_be_visible()
    expect(desk.page.locator(".loading")).to_have_count(0)


def test_a_thread_that_did_not_load_is_tried_again(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    address = f"**{conversation.get_absolute_url()}"
    desk.page.route(address, lambda route: route.abort())
    desk.row(conversation).locator("a").click()
    main = desk.page.locator("#thread")
    expect(main.get_by_role("heading", name="This conversation did not load")).to_be_visible()
    expect(main).to_be_focused()
    desk.page.unroute(address)
    main.get_by_role("link", name="Try again").click()
    expect(desk.bubble("I am number 1")).to_be_visible()


def test_one_that_went_to_somebody_else_is_not_offered_again(desk: Desk, web: Inbox) -> None:
    first, second = arrivals(web, 2)
    desk.open(first)
    desk.open(second)
    desk.page.get_by_test_id("accept-toggle").click()
    expect(desk.page.locator("#availability")).to_have_attribute("data-s", "off")
    back_to_the_queue(first)
    desk.page.go_back()
    main = desk.page.locator("#thread")
    expect(
        main.get_by_role("heading", name="This conversation is not yours to see")
    ).to_be_visible()
    expect(main.get_by_role("link", name="Try again")).to_have_count(0)
    main.get_by_role("link", name="Back to conversations").click()
    expect(desk.page.locator("#thread h1.choose")).to_be_visible()


def test_when_news_cannot_be_fetched_it_says_so_until_it_can(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    desk.page.route("**/refresh/?*", lambda route: route.abort())
    broadcasts.ask_anew([desk.agent.pk])
    late = desk.page.locator("line-banner [data-state=late]")
    expect(late).to_be_visible()
    desk.answer("It still goes out")
    expect(desk.bubble("It still goes out")).to_have_attribute("data-seq", "2")
    write(web, conversation.identity, "Thank you")
    desk.page.unroute("**/refresh/?*")
    expect(late).to_be_hidden()
    expect(desk.bubble("Thank you")).to_be_visible()
