"""Quick replies in the browser: / in an empty box, search, choose, and it stands in the box."""

import pytest
from playwright.sync_api import Locator, expect

from agents.models import Agent
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import arrivals, make_agent, make_customer, make_project, write
from contactcenter.tests.browsers import DESKTOP, PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from contactcenter.tests.test_journey_accessible import assert_fine
from conversations import quick_replies
from conversations.models import Conversation, Inbox, QuickReply

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

REPLIES = {
    "hello": "Hello {contact}, I am {agent}.",
    "shipped": "Your order is on its way.",
    "order": "Could you tell me your order number?",
    "adios": "Gracias por escribir a {campaign}. ¡Adiós!",
}


@pytest.fixture
def web(committed: None) -> Inbox:
    web = make_project().inboxes.get()
    for shortcut, text in REPLIES.items():
        QuickReply.objects.create(project=web.project, shortcut=shortcut, text=text)
    return web


@pytest.fixture
def opened(desk: Desk, web: Inbox) -> Conversation:
    conversation = write(web, make_customer(web, "Lucía")).conversation
    desk.open(conversation)
    return conversation


def box(desk: Desk) -> Locator:
    return desk.page.locator("message-composer textarea")


def search(desk: Desk) -> Locator:
    return desk.page.get_by_role("combobox", name="Search quick replies")


def offered(desk: Desk) -> list[str]:
    shown = desk.page.locator("#offered-replies [role=option]:visible b")
    return [text.removeprefix("/") for text in shown.all_inner_texts()]


def sent(conversation: Conversation) -> list[str]:
    return list(conversation.messages.filter(author="agent").values_list("text", flat=True))


def test_a_slash_in_an_empty_box_offers_them_and_enter_puts_one_in(
    desk: Desk, opened: Conversation
) -> None:
    page = desk.page
    expect(box(desk)).to_be_focused()
    page.keyboard.type("/")
    expect(search(desk)).to_be_focused()
    expect(page.get_by_role("option", name="/hello")).to_contain_text("Hello Lucía, I am Ana.")
    assert offered(desk) == ["adios", "hello", "order", "shipped"]
    page.keyboard.type("o")  # the start of a shortcut first, then the words of the text
    assert offered(desk) == ["order", "shipped"]
    page.keyboard.press("ArrowDown")
    expect(page.locator("#offered-replies [aria-selected=true]")).to_contain_text("/shipped")
    expect(search(desk)).to_have_attribute(
        "aria-activedescendant",
        page.locator("#offered-replies [aria-selected=true]").get_attribute("id") or "",
    )
    page.keyboard.press("Enter")
    expect(box(desk)).to_have_value("Your order is on its way.")
    expect(box(desk)).to_be_focused()
    expect(search(desk)).to_be_hidden()
    assert sent(opened) == []  # it waits for a person
    page.keyboard.press("Control+z")
    expect(box(desk)).to_have_value("/")
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Enter")
    expect(desk.bubble("on its way")).to_have_attribute("data-seq", "2")
    assert sent(opened) == ["Your order is on its way."]
    assert desk.complaints == []


def test_accents_and_case_do_not_matter_and_tab_chooses_too(
    desk: Desk, opened: Conversation
) -> None:
    page = desk.page
    for typed in ("ADIÓS", "adios", "escríbir grac"):
        page.keyboard.type("/")
        expect(page.get_by_role("option")).not_to_have_count(0)
        search(desk).fill(typed)
        assert offered(desk) == ["adios"]
        page.keyboard.press("Tab")
        expect(box(desk)).to_have_value("Gracias por escribir a Support. ¡Adiós!")
        box(desk).fill("")
    page.keyboard.type("/")
    search(desk).fill("nothing of that kind")
    expect(page.locator("#quick-replies")).to_contain_text("No quick reply matches.")
    page.keyboard.press("Enter")
    expect(search(desk)).to_be_focused()
    assert sent(opened) == []


def test_escape_leaves_the_slash_and_a_slash_in_a_text_is_a_letter(
    desk: Desk, opened: Conversation
) -> None:
    page = desk.page
    page.keyboard.type("/")
    expect(search(desk)).to_be_focused()
    page.keyboard.press("Escape")
    expect(search(desk)).to_be_hidden()
    expect(box(desk)).to_be_focused()
    expect(box(desk)).to_have_value("/")
    page.keyboard.type("a and/or")
    expect(search(desk)).to_be_hidden()
    expect(box(desk)).to_have_value("/a and/or")
    page.locator("[data-bolt]").click()  # the bolt puts it where one is writing
    page.keyboard.type("shi")
    expect(page.get_by_role("option", name="/shipped")).to_be_visible()
    page.keyboard.press("Enter")
    expect(box(desk)).to_have_value("/a and/orYour order is on its way.")
    page.keyboard.press("Escape")  # out of the fields: the key alone
    box(desk).fill("")
    page.locator("#thread h1:visible").click()
    page.keyboard.press("/")
    expect(search(desk)).to_be_focused()
    page.locator("#thread h1:visible").click()
    expect(search(desk)).to_be_hidden()


def test_a_missing_name_leaves_nothing_and_a_blank_is_never_sent(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    conversation.contact.name = ""
    conversation.contact.save()
    desk.open(conversation)
    page = desk.page
    page.keyboard.type("/")
    page.keyboard.type("hello")
    expect(page.get_by_role("option", name="/hello")).to_contain_text("Hello, I am Ana.")
    page.keyboard.press("Enter")
    expect(box(desk)).to_have_value("Hello, I am Ana.")
    box(desk).fill("Hello {contact}")
    page.keyboard.press("Enter")
    expect(page.locator("message-composer .left")).to_have_text(
        "{contact} still stands in the text. Write what belongs there."
    )
    expect(box(desk)).to_have_value("Hello {contact}")
    box(desk).fill("Hello you")
    page.keyboard.press("Enter")
    wait_until(lambda: sent(conversation) == ["Hello you"], 10)


def test_what_another_tab_changed_is_offered_at_once_and_without_a_line_what_is_known(
    stack: Stack, desk: Desk, opened: Conversation
) -> None:
    page = desk.page
    page.keyboard.type("/")
    expect(page.get_by_role("option")).to_have_count(4)
    page.keyboard.press("Escape")
    box(desk).fill("")
    page.context.set_offline(True)
    page.keyboard.type("/")
    search(desk).fill("ship")
    assert offered(desk) == ["shipped"]
    page.keyboard.press("Escape")
    page.context.set_offline(False)
    desk.wait_for_line()
    tab = desk.page.context.new_page()
    tab.goto(f"{stack.other_url}/p/{desk.agent.project.slug}/replies/")
    tab.get_by_label("Shortcut", exact=True).fill("mine")
    tab.get_by_label("Text").fill("My own words.")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("status").filter(has_text="/mine is saved.")).to_be_visible()
    page.bring_to_front()
    box(desk).fill("")
    box(desk).press("/")
    expect(page.get_by_role("option", name="/mine")).to_contain_text("My own words.")


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
    page.locator("#reply-shortcut").press("Enter")
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
    complaints = [text for text in desk.complaints if "422" not in text]  # the browser's own word
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


@pytest.mark.parametrize(
    ("viewport", "scheme", "language"),
    [
        pytest.param(DESKTOP, "light", "en", id="1440-light-en"),
        pytest.param(PHONE, "dark", "es", id="390-dark-es"),
    ],
)
def test_every_state_of_quick_replies_is_accessible_and_fits(
    stack: Stack,
    someone: NewContext,
    web: Inbox,
    viewport: dict[str, int],
    scheme: str,
    language: str,
) -> None:
    vera = make_agent(web.project, "Vera", is_supervisor=True, language=language)
    quick_replies.keep(agent=vera, reply=None, shortcut="x" * 30, text="y" * 4096)
    phone = {"has_touch": True} if viewport == PHONE else {}
    context = someone(viewport=viewport, color_scheme=scheme, **phone)
    desk = Desk(context, stack.url, vera).sign_in()
    desk.accept()
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    page = desk.page
    page.locator("[data-bolt]").click()
    panel = page.locator("#quick-replies")
    expect(panel.get_by_role("option")).to_have_count(5)
    assert_fine(desk, "offered")
    place = panel.bounding_box()
    assert place and place["y"] >= 0 and place["x"] >= 0
    assert place["x"] + place["width"] <= viewport["width"]
    if viewport == PHONE:
        for option in panel.get_by_role("option").all():
            found = option.bounding_box()
            assert found and found["height"] >= 44
    panel.get_by_role("combobox").fill("nothing of that kind")
    assert_fine(desk, "nothing matches")
    page.goto(f"{stack.url}/p/{web.project.slug}/replies/")
    desk.wait_for_line()
    assert_fine(desk, "the page")
    page.locator("#reply-shortcut").fill("two words")
    page.locator("#reply-text").fill("text")
    page.locator("#reply-shortcut").press("Enter")
    expect(page.locator("#reply-shortcut-error")).to_be_visible()
    assert_fine(desk, "a mistake")
    page.locator(".sure summary").first.click()
    assert_fine(desk, "deleting")
    own = QuickReply.objects.get(agent=vera)
    page.goto(f"{stack.url}/p/{web.project.slug}/replies/{own.pk}/")
    assert_fine(desk, "editing")


def test_without_a_script_they_are_kept_by_forms(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    ana: Agent = make_agent(web.project, "Ana")
    desk = Desk(someone(), stack.url, ana).sign_in()
    plain = someone(java_script_enabled=False)
    plain.add_cookies(desk.page.context.cookies())
    page = plain.new_page()
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
