"""Rows R52 (the transfer's part) and R53: a conversation is given to a colleague."""

import re

import pytest
from playwright.sync_api import APIResponse, expect

from agents.models import Agent
from contactcenter.testing import (
    arrivals,
    holder_of,
    make_agent,
    make_project,
)
from contactcenter.tests.browsers import DESKTOP, PHONE, Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.giving import (
    SIZES,
    SOON,
    at_work,
    dialog_of,
    give,
    listening,
    start_transfer,
    taker,
)
from contactcenter.tests.stack import Stack
from contactcenter.tests.test_journey_sound import wait_for_sounds
from conversations.models import Conversation, Inbox, Note

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
TRANSFER = {"en": "Transfer conversation", "es": "Transferir conversación"}


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


@pytest.mark.parametrize(
    ("viewport", "language"), [(DESKTOP, "en"), (PHONE, "es")], ids=["1440-en", "390-es"]
)
def test_r52_transfer_conversation_stands_beside_the_end(
    stack: Stack, someone: NewContext, web: Inbox, viewport: dict[str, int], language: str
) -> None:
    ana = make_agent(web.project, "Ana", language=language)
    desk = at_work(stack, someone, ana, viewport=viewport)
    (conversation,) = arrivals(web, 1)
    expect(desk.page.get_by_test_id("transfer")).to_have_count(0)
    desk.open(conversation)
    button = desk.page.get_by_test_id("transfer")
    boxes = [
        place.bounding_box()
        for place in (
            desk.page.locator("#thread h1:visible"),
            button,
            desk.page.get_by_test_id("end"),
        )
    ]
    name, transfer, end = boxes
    assert name and transfer and end
    assert name["x"] + name["width"] < transfer["x"] < end["x"]
    assert transfer["y"] == end["y"]
    assert min(transfer["height"], transfer["width"]) >= (44 if viewport == PHONE else 32)
    expect(button).to_have_accessible_name(TRANSFER[language])
    assert desk.overflow() == 0
    assert desk.complaints == []


@SIZES
def test_r53_it_leaves_my_list_and_is_new_in_brunos_with_dot_and_sound(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox, viewport: dict[str, int]
) -> None:
    chat = Chat(someone(), stack.url, web)
    chat.write("Where is my lamp?")
    expect(desk.rows()).to_have_count(1)
    conversation = Conversation.objects.get(project=web.project)
    theirs = listening(stack, someone, make_agent(web.project, "Bruno"), viewport=viewport)
    give(desk, conversation, theirs.agent, note="Wants a new one")
    expect(desk.row(conversation)).to_have_count(0)
    expect(desk.page.locator("toast-stack")).to_have_text(re.compile("Transferred to Bruno."))
    expect(desk.page.locator("#thread")).not_to_have_attribute("data-conversation", re.compile("."))
    expect(desk.page.get_by_test_id("slots")).to_have_text("0 / 6")

    row = theirs.row(conversation)
    expect(row.get_by_test_id("new-dot")).to_be_visible(timeout=SOON)
    expect(theirs.page.get_by_test_id("slots")).to_have_text("1 / 6")
    wait_for_sounds(1, theirs.page)
    expect(chat.page.locator("chat-header")).to_contain_text("Bruno")
    chat.write("And the other one?")
    expect(row).to_contain_text("And the other one?")
    theirs.open(conversation)
    for text in ("Where is my lamp?", "And the other one?"):
        expect(theirs.bubble(text)).to_be_visible()
    expect(theirs.page.locator("#thread .sys", has_text="Passed on to a colleague")).to_be_visible()
    theirs.answer("On its way")
    expect(chat.bubble("On its way")).to_be_visible()
    assert Note.objects.get(conversation=conversation).text == "Wants a new one"
    assert theirs.overflow() == 0
    assert desk.complaints == theirs.complaints == chat.complaints == []


def test_r53_only_who_can_take_it_can_be_chosen_and_the_list_stays_true(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    """Self is not there; the others say why not; what changes shows while the dialog is open, and
    moves nobody under the pointer."""
    shop = web.project
    bruno, oscar = make_agent(shop, "Bruno", capacity=1), make_agent(shop, "Óscar")
    (conversation,) = arrivals(web, 1)
    dialog = start_transfer(desk, conversation)
    expect(dialog.get_by_text("Nobody is available now.")).to_be_visible()
    expect(taker(desk, desk.agent)).to_have_count(0)
    expect(taker(desk, bruno)).to_contain_text("not online")
    expect(taker(desk, bruno).locator("input")).to_be_disabled()
    search = dialog.get_by_role("searchbox")
    search.fill("oscar")
    expect(taker(desk, bruno)).to_be_hidden()
    expect(taker(desk, oscar)).to_be_visible()
    search.fill("nobody")
    expect(dialog.get_by_text("No agent matches.")).to_be_hidden()  # nobody is there anyway
    search.fill("")

    theirs = at_work(stack, someone, bruno)
    expect(taker(desk, bruno).locator("input")).to_be_enabled(timeout=SOON * 2)
    expect(dialog.get_by_text("Nobody is available now.")).to_be_hidden()
    search.fill("nobody")
    expect(dialog.get_by_text("No agent matches.")).to_be_visible()
    search.fill("")
    taker(desk, bruno).click()  # the pointer stays there
    expect(dialog.get_by_role("button", name="Transfer to Bruno")).to_be_visible()
    expect(dialog.get_by_label("Note for Bruno")).to_be_visible()
    place = taker(desk, bruno).bounding_box()
    theirs.stop()
    expect(taker(desk, bruno)).to_contain_text("not available", timeout=SOON * 2)
    assert taker(desk, bruno).bounding_box() == place
    expect(dialog.get_by_role("button", name="Transfer to Bruno")).to_have_count(0)
    dialog.get_by_role("button", name="Transfer", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Choose an agent or a campaign.")
    assert holder_of(conversation) == desk.agent
    (refused,) = desk.complaints
    assert "status of 422" in refused


def test_r53_who_was_filled_meanwhile_is_refused_with_the_reason_and_it_stays(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    bruno = make_agent(web.project, "Bruno", capacity=1)
    conversation, *_ = arrivals(web, 1)
    theirs = at_work(stack, someone, bruno)
    dialog = start_transfer(desk, conversation)
    taker(desk, bruno).click()
    press = dialog.get_by_role("button", name="Transfer to Bruno")
    desk.page.route("**/transfers/", lambda route: route.abort())
    press.click()
    expect(dialog.get_by_role("alert")).to_have_text("That did not work. Try again in a moment.")
    expect(press).to_be_focused()
    desk.page.unroute("**/transfers/")
    desk.page.route(  # the list is not asked for again before the press
        "**/transfers/",
        lambda route: route.abort() if route.request.method == "GET" else route.continue_(),
    )
    Agent.objects.filter(pk=bruno.pk).update(capacity=0)
    press.click()
    expect(dialog.get_by_role("alert")).to_have_text(re.compile("Bruno has no free slot any more."))
    assert holder_of(conversation) == desk.agent
    desk.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    desk.answer("I am still here")
    expect(desk.bubble("I am still here")).to_be_visible()

    Agent.objects.filter(pk=bruno.pk).update(capacity=1)
    desk.page.unroute("**/transfers/")
    start_transfer(desk, conversation)
    taker(desk, bruno).click()
    answers: list[APIResponse] = []  # the server has done it, and nobody hears of it
    desk.page.route("**/transfers/", lambda route: answers.append(route.fetch()))
    press.click()
    expect(desk.row(conversation)).to_have_count(0)
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("message-composer")).to_have_count(0)
    assert theirs.complaints == []


def test_r53_two_tabs_give_it_to_two_the_first_wins(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    shop = web.project
    (conversation,) = arrivals(web, 1)
    bruno = at_work(stack, someone, make_agent(shop, "Bruno"))
    carla = at_work(stack, someone, make_agent(shop, "Carla"))
    start_transfer(desk, conversation)
    second = Desk(desk.page.context, stack.other_url, desk.agent)
    second.page.goto(desk.page.url)
    second.wait_for_line()
    second.page.keyboard.press("Escape")  # out of the composer
    second.page.keyboard.press("t")
    for each, to in ((desk, bruno), (second, carla)):
        taker(each, to.agent).click()
    dialog_of(desk).get_by_role("button", name="Transfer to Bruno").click()
    expect(bruno.row(conversation)).to_be_visible(timeout=SOON)
    dialog_of(second).get_by_role("button", name="Transfer to Carla").click()
    expect(second.page.locator("body")).to_contain_text("over or with somebody else by now")
    expect(carla.rows()).to_have_count(0)
    assert holder_of(conversation) == bruno.agent


@SIZES
def test_r53_axe_finds_nothing_in_the_dialog(
    stack: Stack, someone: NewContext, web: Inbox, viewport: dict[str, int]
) -> None:
    shop = web.project
    ana = make_agent(shop, "Ana", language="es")
    desk = at_work(stack, someone, ana, viewport=viewport)
    (conversation,) = arrivals(web, 1)
    bruno = at_work(stack, someone, make_agent(shop, "Bruno"))
    make_agent(shop, "Carla")
    dialog = start_transfer(desk, conversation)
    assert_fine_by_day_and_night(desk)
    taker(desk, bruno.agent).click()
    dialog.locator(".chip").first.click()
    assert_fine_by_day_and_night(desk)
    dialog.get_by_role("tab").last.click()
    assert_fine_by_day_and_night(desk)


def assert_fine_by_day_and_night(desk: Desk) -> None:
    for scheme in ("light", "dark"):
        desk.page.emulate_media(color_scheme=scheme)
        assert desk.fine() == [], scheme
