"""Rows R52 (the transfer's part), R53–R55: a conversation is given to a colleague, or to the
specialists of another campaign."""

import re

import pytest
from playwright.sync_api import Locator, expect

from agents.models import Agent, Campaign, Project
from contactcenter.testing import (
    arrivals,
    holder_of,
    make_agent,
    make_customer,
    make_project,
    write,
)
from contactcenter.tests.browsers import DESKTOP, PHONE, Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from contactcenter.tests.test_journey_sound import SPY, wait_for_sounds
from conversations.models import Conversation, Inbox, Note, Offer

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
SOON = 5_000  # ms for what another screen shows of it
TRANSFER = {"en": "Transfer conversation", "es": "Transferir conversación"}
SIZES = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1440", "390"])


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def at_work(stack: Stack, someone: NewContext, agent: Agent, **options: object) -> Desk:
    context = someone(**options)
    context.add_init_script(SPY)
    desk = Desk(context, stack.other_url, agent).sign_in()
    desk.accept()
    return desk


def dialog_of(desk: Desk) -> Locator:
    return desk.page.get_by_role("dialog")


def taker(desk: Desk, agent: Agent) -> Locator:
    return desk.page.locator(f"#taker-{agent.pk}")


def start_transfer(desk: Desk, conversation: Conversation) -> Locator:
    desk.open(conversation)
    desk.page.get_by_test_id("transfer").click()
    expect(dialog_of(desk)).to_be_visible()
    return dialog_of(desk)


def give(desk: Desk, conversation: Conversation, agent: Agent, note: str = "") -> None:
    dialog = start_transfer(desk, conversation)
    taker(desk, agent).click()
    dialog.locator("textarea").fill(note)
    dialog.get_by_role("button", name=f"Transfer to {agent.short_name}").click()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "es"])
@SIZES
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
    if language == "en":  # the Spanish words are the translation's
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
    theirs = at_work(stack, someone, make_agent(web.project, "Bruno"), viewport=viewport)
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
    desk.page.route(  # the list is not asked for again before the press
        "**/transfers/",
        lambda route: route.abort() if route.request.method == "GET" else route.continue_(),
    )
    Agent.objects.filter(pk=bruno.pk).update(capacity=0)
    dialog.get_by_role("button", name="Transfer to Bruno").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Bruno has no free slot any more.")
    assert holder_of(conversation) == desk.agent
    desk.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    desk.answer("I am still here")
    expect(desk.bubble("I am still here")).to_be_visible()
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
    theirs = at_work(stack, someone, make_agent(offering, "Bruno"), viewport=viewport)
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
    offer.get_by_role("button", name="Refuse").click()
    expect(offer).to_have_count(0)
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@SIZES
def test_r53_axe_finds_nothing_in_the_dialog(
    stack: Stack, someone: NewContext, web: Inbox, viewport: dict[str, int], scheme: str
) -> None:
    shop = web.project
    ana = make_agent(shop, "Ana", language="es")
    desk = at_work(stack, someone, ana, viewport=viewport, color_scheme=scheme)
    (conversation,) = arrivals(web, 1)
    bruno = at_work(stack, someone, make_agent(shop, "Bruno"))
    make_agent(shop, "Carla")
    dialog = start_transfer(desk, conversation)
    assert desk.axe() == []
    taker(desk, bruno.agent).click()
    dialog.locator(".chip").first.click()
    assert desk.axe() == []
    dialog.get_by_role("tab").last.click()
    assert desk.axe() == []
    assert desk.overflow() == 0


def test_r53_r55_without_scripts_it_is_a_page(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    (conversation,) = arrivals(web, 1)
    theirs = at_work(stack, someone, make_agent(web.project, "Bruno"))
    cookies = desk.page.context.cookies()
    plain = someone(java_script_enabled=False)
    plain.add_cookies(cookies)  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto(f"{stack.url}{conversation.get_absolute_url()}")
    page.get_by_test_id("transfer").click()
    page.locator(f"#taker-{theirs.agent.pk}").click()
    page.locator("textarea").fill("From a page")
    page.get_by_role("button", name="Transfer").click()
    page.wait_for_url(f"**/p/{web.project.slug}/")
    expect(theirs.row(conversation)).to_be_visible(timeout=SOON)
    assert Note.objects.get(conversation=conversation).text == "From a page"
