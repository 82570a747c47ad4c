"""The open conversation: what was said, what is being written, the clip (R31–R34, P-10)."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from contactcenter.testing import (
    arrivals,
    make_agent,
    make_customer,
    make_project,
    order_status,
    write,
)
from contactcenter.tests.browsers import PHONE, Chat, Desk
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


def test_r33_what_ana_writes_is_there_at_once_and_reaches_lucia_as_she_wrote_it(
    desk: Desk, web: Inbox, stack: Stack, someone: NewContext
) -> None:
    chat = Chat(someone(), stack.other_url, web)
    chat.write("Is this safe? https://shop.example/a?b=1. <img src=x onerror=alert(1)>")
    expect(desk.rows()).to_have_count(1)
    conversation = Conversation.objects.get(project=web.project)
    desk.open(conversation)
    theirs = desk.bubble("Is this safe?").locator(".bub")
    expect(theirs).to_contain_text("<img src=x onerror=alert(1)>")
    expect(theirs.locator("img")).to_have_count(0)
    link = theirs.get_by_role("link")
    expect(link).to_have_text("https://shop.example/a?b=1")
    expect(link).to_have_attribute("href", "https://shop.example/a?b=1")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    box = desk.page.locator("#thread textarea")
    for blank in ("", "   ", "\n \n"):
        box.fill(blank)
        desk.page.get_by_role("button", name="Send").click()
    box.fill("")
    box.press_sequentially("<b>Yes</b>")
    box.press("Shift+Enter")
    box.press_sequentially("see http://shop.example")
    box.press("Enter")
    expect(box).to_have_value("")
    mine = desk.bubble("<b>Yes</b>")
    expect(mine).to_have_attribute("data-seq", "2")  # the first of Ana's: nothing blank went out
    expect(mine.get_by_role("link")).to_have_attribute("href", "http://shop.example/")
    expect(chat.bubble("<b>Yes</b>")).to_be_visible(timeout=2000)
    assert sent_by(desk, conversation) == ["<b>Yes</b>\nsee http://shop.example"]
    assert mine.locator(".bub").evaluate("e => e.clientHeight > 1.5 * 21")  # two lines
    assert desk.complaints == chat.complaints == []


def test_r33_the_limit_is_counted_near_it_and_kept(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    box, counter = desk.page.locator("#thread textarea"), desk.page.locator(".composer .left")
    box.fill("🌷" * 3895)
    expect(counter).to_have_text("")
    box.fill("🌷" * 4000)  # as the server counts: one each
    expect(counter).to_have_text("96 characters left")
    box.fill("🌷" * 4097)
    expect(counter).to_have_text("1 character too many")
    box.press("Enter")
    expect(box).to_have_value("🌷" * 4097)
    expect(desk.page.locator("#thread .msg.out")).to_have_count(0)
    box.fill("🌷" * 4096)
    box.press("Enter")
    expect(desk.bubble("🌷🌷")).to_have_attribute("data-seq", "2")
    assert sent_by(desk, conversation) == ["🌷" * 4096]


def test_r33_a_draft_survives_switching_a_reload_and_a_second_tab(
    desk: Desk, web: Inbox, stack: Stack
) -> None:
    one, two = arrivals(web, 2)
    desk.open(one)
    box = desk.page.locator("#thread textarea")
    box.fill("half a sent")
    desk.open(two)
    expect(box).to_have_value("")
    desk.open(one)
    expect(box).to_have_value("half a sent")
    desk.page.reload()
    desk.wait_for_line()
    expect(box).to_have_value("half a sent")
    other = Desk(desk.page.context, stack.url, desk.agent)  # storage belongs to the address
    other.page.goto(desk.page.url)
    other.wait_for_line()
    there = other.page.locator("#thread textarea")
    expect(there).to_have_value("half a sent")
    other.page.locator("#list-heading").click()
    box.fill("half a sentence")
    expect(there).to_have_value("half a sentence")
    box.press("Enter")
    expect(there).to_have_value("")
    expect(other.bubble("half a sentence")).to_be_visible()
    desk.page.reload()
    expect(box).to_have_value("")
    assert sent_by(desk, one) == ["half a sentence"]


def test_r33_offline_it_says_sending_and_goes_out_once(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    desk.page.context.set_offline(True)
    for text in ("first", "second"):
        desk.answer(text)
        expect(desk.bubble(text)).to_contain_text("Sending")
    assert sent_by(desk, conversation) == []
    desk.page.context.set_offline(False)
    expect(desk.bubble("second")).to_have_attribute("data-seq", "3")
    expect(desk.bubble("second")).not_to_contain_text("Sending")
    assert sent_by(desk, conversation) == ["first", "second"]
    expect(desk.page.locator("#thread .msg")).to_have_count(3)


def test_r33_an_answer_lost_on_the_way_back_makes_no_second_message(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    tries = []

    def lose(route: Route) -> None:
        tries.append(route.request.post_data)
        route.fetch()  # the server stores it …
        route.abort() if len(tries) == 1 else route.continue_()

    desk.page.route("**/messages/", lose)
    desk.page.context.set_offline(False)
    desk.answer("only once")
    desk.page.reload()  # what is left in the outbox goes out again
    desk.wait_for_line()
    expect(desk.bubble("only once")).to_have_attribute("data-seq", "2")
    expect(desk.bubble("only once")).not_to_contain_text("Sending")
    expect(desk.bubble("only once")).to_have_count(1)
    assert sent_by(desk, conversation) == ["only once"]


def test_r33_what_is_refused_says_so_and_can_be_tried_again(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    context = desk.page.context
    (token,) = [cookie for cookie in context.cookies() if cookie["name"] == "csrftoken"]
    context.clear_cookies(name="csrftoken")  # the server refuses a post without it
    desk.answer("please")
    failed = desk.bubble("please")
    expect(failed).to_contain_text("Not sent.")
    expect(desk.page.get_by_role("alert").filter(has_text="A message was not sent.")).to_have_count(
        1
    )
    assert sent_by(desk, conversation) == []
    context.add_cookies([token])  # type: ignore[list-item]
    failed.get_by_role("button", name="Try again").click()
    expect(failed).to_have_attribute("data-seq", "2")
    expect(failed).not_to_contain_text("Not sent.")
    assert sent_by(desk, conversation) == ["please"]


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
