"""The open conversation: what was said, and the clip (R31, R32, R34)."""

import pytest
from playwright.sync_api import Page, expect

from contactcenter.testing import (
    arrivals,
    make_agent,
    make_customer,
    make_project,
    order_status,
    write,
)
from contactcenter.tests.browsers import PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import closing
from conversations.models import Conversation, Identity, Inbox, Message

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


@pytest.fixture
def lucia(web: Inbox) -> Identity:
    return make_customer(web, "Lucía")


def say(web: Inbox, who: Identity, first: int, last: int) -> Conversation:
    for n in range(first, last + 1):
        conversation = write(web, who, f"Number {n}.").conversation
    return conversation


def lines(desk: Desk) -> list[int]:
    """The numbers of the bubbles, from top to bottom."""
    texts = desk.page.locator("#thread .bub").all_inner_texts()
    return [int(number) for text in texts if (number := text.removeprefix("Number ").rstrip("."))]


def is_at_the_end(page: Page) -> bool:
    return bool(page.evaluate("document.querySelector('message-log').scrollTop > -2"))


def sent_by(desk: Desk, conversation: Conversation) -> list[str]:
    mine = Message.objects.filter(conversation=conversation, agent=desk.agent)
    return list(mine.order_by("seq").values_list("text", flat=True))


@pytest.mark.breaks_promises  # earlier conversations made by hand, without numbers
def test_r31_selecting_opens_what_this_person_wrote_before(
    desk: Desk, web: Inbox, lucia: Identity
) -> None:
    first = say(web, lucia, 1, 8)
    closing.end(agent=desk.agent, conversation=first, typification=order_status(web.project))
    now = say(web, lucia, 9, 16)
    desk.open(now)
    assert lines(desk) == list(range(1, 17))  # oldest first, also of the conversation before
    assert is_at_the_end(desk.page)
    in_list = desk.resting_row(now).bounding_box()
    in_thread = desk.page.locator("#thread").bounding_box()
    assert in_list and in_thread and in_list["x"] + in_list["width"] <= in_thread["x"]
    expect(desk.page.locator("#thread textarea")).to_be_focused()
    expect(desk.page.locator("#thread .day")).to_have_text("Today")
    assert desk.page.url.endswith(f"/c/{now.pk}/")
    other = write(web).conversation
    other.messages.all().delete()
    desk.open(other)
    expect(desk.page.locator("#thread .nobody")).to_have_text("No messages yet.")
    expect(desk.page.locator("#thread textarea")).to_be_focused()
    desk.page.go_back()
    expect(desk.page.locator("#thread")).to_have_attribute("data-conversation", str(now.pk))
    expect(desk.bubble("Number 16.")).to_be_visible()
    assert desk.complaints == []


def test_r31_on_the_phone_the_thread_takes_the_lists_place(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    ana = make_agent(web.project, "Ana")
    desk = Desk(someone(viewport=PHONE, has_touch=True), stack.url, ana).sign_in()
    desk.accept()
    (conversation,) = arrivals(web, 1)
    page, home = desk.page, desk.page.url
    for back in (lambda: page.get_by_label("Back to conversations").tap(), page.go_back):
        desk.row(conversation).tap()
        expect(page.locator("#thread textarea")).to_be_visible()
        expect(page.locator(".list")).to_be_hidden()
        assert page.url == f"{home}c/{conversation.pk}/"
        assert desk.overflow() == 0
        back()
        expect(desk.row(conversation)).to_be_visible()
        expect(page.locator("#thread textarea")).to_have_count(0)
    page.goto(f"{home}c/{conversation.pk}/")  # an address of its own
    expect(page.locator("#thread textarea")).to_be_visible()
    expect(page.locator(".list")).to_be_hidden()


def test_r32_of_35_messages_the_20_newest_and_earlier_ones_up_to_the_start(
    desk: Desk, web: Inbox, lucia: Identity
) -> None:
    first = say(web, lucia, 1, 12)
    closing.end(agent=desk.agent, conversation=first, typification=order_status(web.project))
    now = say(web, lucia, 13, 35)
    Message.objects.filter(conversation__in=[first, now]).update(created_at=now.started_at)
    desk.open(now)
    assert lines(desk) == list(range(16, 36))  # newest last, though all at the same time
    assert is_at_the_end(desk.page)
    older = desk.page.locator("#thread .older")
    expect(older).to_contain_text("Showing the last 20 messages")
    earlier = desk.page.get_by_role("link", name="Show 20 earlier")
    earlier.press("Enter")
    expect(desk.bubble("Number 1.")).to_be_visible()
    assert lines(desk) == list(range(1, 36))
    expect(older).to_be_hidden()  # that was the start
    expect(desk.page.locator("message-log")).to_be_focused()
    say(web, lucia, 36, 37)
    expect(desk.bubble("Number 37.")).to_be_attached()
    assert lines(desk) == list(range(1, 38))


def test_r32_with_20_messages_there_is_no_line_with_21_there_is(
    desk: Desk, web: Inbox, lucia: Identity
) -> None:
    conversation = say(web, lucia, 1, 20)
    desk.open(conversation)
    assert lines(desk) == list(range(1, 21))
    expect(desk.page.locator("#thread .older")).to_be_hidden()
    say(web, lucia, 21, 21)
    expect(desk.bubble("Number 21.")).to_be_visible()
    assert lines(desk) == list(range(1, 22))  # it is added, nothing is taken away
    desk.page.reload()
    expect(desk.page.locator("#thread .older")).to_contain_text("Showing the last 20 messages")
    assert lines(desk) == list(range(2, 22))
    desk.page.route("**/messages/?before=*", lambda route: route.abort())
    desk.page.get_by_role("link", name="Show 20 earlier").click()
    expect(desk.page.locator("#thread .older")).to_contain_text("They did not load.")
    desk.page.unroute("**/messages/?before=*")
    desk.page.get_by_role("link", name="Show 20 earlier").click()
    expect(desk.bubble("Number 1.")).to_be_attached()
    assert lines(desk) == list(range(1, 22))


def test_r32_whoever_has_scrolled_up_stays_there_and_is_told_how_many_came(
    desk: Desk, web: Inbox, lucia: Identity
) -> None:
    conversation = say(web, lucia, 1, 20)
    desk.open(conversation)
    newer = desk.page.locator("[data-newer]")
    expect(newer).to_be_hidden()
    desk.page.evaluate("document.querySelector('message-log').scrollTop = -300")
    expect(newer).to_have_text("Newest messages")
    place = desk.bubble("Number 8.").bounding_box()
    say(web, lucia, 21, 21)
    expect(newer).to_have_text("1 new message")
    say(web, lucia, 22, 23)
    expect(newer).to_have_text("3 new messages")
    assert desk.bubble("Number 8.").bounding_box() == place
    newer.click()
    expect(newer).to_be_hidden()
    assert is_at_the_end(desk.page)
    expect(desk.bubble("Number 23.")).to_be_in_viewport()


def test_r34_the_clip_offers_image_video_document_and_audio(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    page, clip = desk.page, desk.page.get_by_test_id("attach")
    menu = page.get_by_role("menu", name="Attach a file")
    items = menu.get_by_role("menuitem")
    page.locator("#thread textarea").fill("not finished yet")
    clip.click()
    names = ["Image", "Video", "Document", "Audio"]
    for item, name in zip(items.all(), names, strict=True):
        expect(item).to_have_accessible_name(name)
    expect(clip).to_have_attribute("aria-expanded", "true")
    keys = ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "Home", "End", "v", "d"]
    for key, at in zip(keys, [1, 2, 3, 0, 3, 0, 3, 1, 2], strict=True):
        page.keyboard.press(key)
        expect(items.nth(at)).to_be_focused()
    expect(page.locator("#thread textarea")).to_have_value("not finished yet")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(clip).to_be_focused()
    expect(clip).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")  # back to the row, out of the fields
    page.keyboard.press("a")
    expect(items.first).to_be_focused()
    page.locator("#thread h1:visible").click()
    expect(menu).to_be_hidden()
    page.locator("#thread textarea").press("a")  # in a field it is a letter
    expect(menu).to_be_hidden()
    assert sent_by(desk, conversation) == []
    assert desk.complaints == []


def test_r34_on_the_phone_the_menu_is_a_sheet(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    ana = make_agent(web.project, "Ana", language="es")
    desk = Desk(someone(viewport=PHONE, has_touch=True), stack.url, ana).sign_in()
    desk.accept()
    (conversation,) = arrivals(web, 1)
    desk.row(conversation).tap()
    desk.page.get_by_test_id("attach").tap()
    sheet = desk.page.get_by_role("menu").bounding_box()
    assert sheet and sheet["x"] == 0 and sheet["width"] == PHONE["width"]
    assert sheet["y"] + sheet["height"] == PHONE["height"]
    for item in desk.page.get_by_role("menuitem").all():
        box = item.bounding_box()
        assert box and box["height"] >= 44
    assert desk.overflow() == 0
    desk.page.touchscreen.tap(195, 200)
    expect(desk.page.get_by_role("menu")).to_be_hidden()
