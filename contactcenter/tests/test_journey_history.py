"""History: what is over is found, narrowed, read, and left again; at 1440 and 390, en and es."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from agents.models import Agent
from contactcenter.testing import (
    make_agent,
    make_customer,
    make_project,
    order_status,
    ready,
    write,
)
from contactcenter.tests.browsers import DESKTOP, PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import archive, closing, outbound
from conversations.models import Conversation, Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
LOOKS = [
    pytest.param(DESKTOP, "light", "en", id="1440-light-en"),
    pytest.param(PHONE, "dark", "es", id="390-dark-es"),
]
NAMES = ["Lucía Fernández", "Mateo Rojas", "Renata Coelho", ""]


def ended(inbox: Inbox, agent: Agent, names: list[str]) -> list[Conversation]:
    """One of each, asked and answered, in that order; the agent has gone since."""
    ready(agent)
    over = []
    for name in names:
        conversation = write(inbox, make_customer(inbox, name), f"I am {name}").conversation
        conversation.refresh_from_db()
        outbound.send(
            agent=agent, conversation=conversation, client_id=conversation.pk, text="I see"
        )
        closing.end(
            agent=agent, conversation=conversation, typification=order_status(agent.project)
        )
        over.append(conversation)
    Agent.objects.filter(pk=agent.pk).update(is_available=False)
    return over


def rows(page: Page) -> list[str]:
    return page.locator("#archive .nm").all_inner_texts()


def to_history(desk: Desk) -> None:
    desk.page.locator(".rail [data-place=history]").click()
    expect(desk.page.locator("#archive-rows")).to_be_visible()


@pytest.mark.parametrize(("viewport", "scheme", "language"), LOOKS)
def test_what_is_over_is_found_narrowed_and_read(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    shop = make_project()
    ana = make_agent(shop, "Ana", language=language)
    web = shop.inboxes.get()
    context = someone(viewport=viewport, color_scheme=scheme, locale=language)
    desk = Desk(context, stack.url, ana).sign_in()
    page = desk.page
    to_history(desk)
    expect(page.locator("#archive .empty")).to_be_visible()
    assert desk.fine() == [], "nothing yet"
    _lucia, mateo, *_ = ended(web, ana, NAMES)
    page.reload()
    desk.wait_for_line()
    assert rows(page)[1:] == ["Renata Coelho", "Mateo Rojas", "Lucía Fernández"]
    assert desk.fine() == [], "rows"
    page.locator(".filters summary").click()
    assert desk.fine() == [], "filters"
    page.locator("#archive select[name=campaign]").select_option(index=1)
    expect(page).to_have_url(re.compile(r"/history/\?campaign=\d+$"))
    search = page.get_by_role("searchbox").last
    search.fill("nobody of that name")
    expect(page.locator("#archive .empty")).to_be_visible()
    assert desk.fine() == [], "nobody matches"
    search.fill("mateo")
    expect(page.locator("#archive .nm")).to_have_text(["Mateo Rojas"])
    expect(search).to_be_focused()
    page.locator(f"#archived-{mateo.pk} a").click()
    expect(page.locator("#thread h1:visible")).to_have_text("Mateo Rojas")
    expect(desk.bubble("I am Mateo Rojas")).to_be_visible()
    assert page.locator("#thread").get_by_test_id("end").count() == 0
    assert page.locator("#thread form.composer").count() == 0
    if viewport == PHONE:
        expect(page.locator("#archive")).to_be_hidden()
        page.locator(".details").click()
    expect(page.locator("#contact .person")).to_be_visible()
    assert desk.fine() == [], "read"
    address = page.url
    assert "q=mateo" in address
    page.reload()
    desk.wait_for_line()
    expect(page.locator("#thread h1:visible")).to_have_text("Mateo Rojas")
    assert rows(page) == ["Mateo Rojas"] or viewport == PHONE
    if viewport == PHONE:
        page.locator(".backb").click()
    expect(page.locator("#archive .nm")).to_have_text(["Mateo Rojas"])
    page.locator("#archive .clear").click()
    expect(page.locator("#archive .nm")).to_have_count(4)
    expect(page).to_have_url(re.compile(r"/history/$"))
    assert desk.complaints == []


def test_back_and_forward_go_through_filters_threads_and_places(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ana = make_agent(shop, "Ana")
    lucia, *_ = ended(shop.inboxes.get(), ana, NAMES)
    desk = Desk(someone(), stack.url, ana).sign_in()
    desk.accept()
    page, held = desk.page, write(shop.inboxes.get(), text="now").conversation
    desk.open(held)
    to_history(desk)
    page.get_by_role("searchbox", name="Search by name or ID").fill("luc")
    expect(page.locator("#archive .nm")).to_have_text(["Lucía Fernández"])
    page.locator(f"#archived-{lucia.pk} a").click()
    expect(page.locator("#thread h1:visible")).to_have_text("Lucía Fernández")
    page.locator(".rail [data-place='']").click()
    expect(desk.row(held)).to_be_visible()
    expect(page.locator("#archive")).to_be_hidden()
    expect(page.locator(".rail [aria-current=page]")).to_have_attribute("data-place", "")
    page.go_back()
    expect(page.locator("#thread h1:visible")).to_have_text("Lucía Fernández")
    expect(page.locator("#archive .nm")).to_have_text(["Lucía Fernández"])
    expect(page.locator(".rail [aria-current=page]")).to_have_attribute("data-place", "history")
    expect(page).to_have_title("Lucía Fernández · Contact Center")
    page.go_back()
    expect(page.locator("#thread h1:visible")).to_have_text("Choose an ended conversation")
    expect(page.get_by_role("searchbox", name="Search by name or ID")).to_have_value("luc")
    page.go_back()
    expect(page.locator("#archive .nm")).to_have_count(4)
    page.go_back()
    expect(page.locator("#thread")).to_have_attribute("data-conversation", str(held.pk))
    expect(desk.row(held)).to_be_visible()
    page.go_forward()
    expect(page.locator("#archive .nm")).to_have_count(4)
    assert desk.complaints == []


def test_who_reads_history_is_there_for_what_comes(stack: Stack, someone: NewContext) -> None:
    """The line stays open: the agent is given work, and sees in the title that it came."""
    shop = make_project()
    ana = make_agent(shop, "Ana")
    lucia, *_ = ended(shop.inboxes.get(), ana, NAMES)
    desk = Desk(someone(), stack.url, ana).sign_in()
    desk.accept()
    to_history(desk)
    desk.page.locator(f"#archived-{lucia.pk} a").click()
    expect(desk.page.locator("#thread h1:visible")).to_have_text("Lucía Fernández")
    new = write(shop.inboxes.get(), text="Hello").conversation
    expect(desk.page).to_have_title(re.compile(r"^\(1\) Lucía"))
    expect(desk.page.locator("#thread h1:visible")).to_have_text("Lucía Fernández")
    assert desk.page.locator(".toast").count() == 0
    desk.page.keyboard.press("n")
    expect(desk.page.locator("#thread")).to_have_attribute("data-conversation", str(new.pk))
    expect(desk.row(new)).to_be_visible()
    assert desk.complaints == []


def test_the_keyboard_reads_page_after_page(
    stack: Stack, someone: NewContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Esc goes back to the row; "Show more" goes on where more begins."""
    shop = make_project()
    ana = make_agent(shop, "Ana")
    over = ended(shop.inboxes.get(), ana, [f"Person {n:02}" for n in range(archive.PAGE + 2)])
    desk = Desk(someone(), stack.url, ana).sign_in()
    page = desk.page
    to_history(desk)
    newest = page.locator(f"#archived-{over[-1].pk} a")
    newest.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#thread h1:visible")).to_have_text(f"Person {archive.PAGE + 1}")
    expect(page.locator("#thread")).to_be_focused()
    expect(newest).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(newest).to_be_focused()
    expect(page.locator("#archive .nm")).to_have_count(archive.PAGE)
    page.locator("#archive .more a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#archive .nm")).to_have_count(archive.PAGE + 2)
    expect(page.locator(f"#archived-{over[1].pk} a")).to_be_focused()
    expect(page.locator("#archive .more")).to_have_count(0)
    assert desk.complaints == []


def test_a_list_that_does_not_load_says_so_and_tries_again(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ana = make_agent(shop, "Ana")
    ended(shop.inboxes.get(), ana, NAMES)
    desk = Desk(someone(), stack.url, ana).sign_in()
    page = desk.page
    to_history(desk)

    def refuse(route: Route) -> None:
        route.fulfill(status=503)

    page.route("**/history/?q=**", refuse)
    page.get_by_role("searchbox", name="Search by name or ID").fill("luc")
    failed = page.locator("#archive .failed")
    expect(failed).to_contain_text("The list did not load.")
    assert desk.fine() == [], "did not load"
    page.unroute("**/history/?q=**", refuse)
    failed.get_by_role("button", name="Try again").click()
    expect(page.locator("#archive .nm")).to_have_text(["Lucía Fernández"])
    expect(failed).to_be_hidden()


def test_without_a_script_it_is_pages_and_a_form(stack: Stack, someone: NewContext) -> None:
    shop = make_project()
    ana = make_agent(shop, "Ana")
    lucia, *_ = ended(shop.inboxes.get(), ana, NAMES)
    desk = Desk(someone(), stack.url, ana).sign_in()
    plain = someone(java_script_enabled=False)
    plain.add_cookies(desk.page.context.cookies())  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto(f"{stack.url}/p/{shop.slug}/")
    page.get_by_role("link", name="History").click()
    page.get_by_role("searchbox", name="Search by name or ID").fill("luc")
    page.get_by_role("button", name="Search").click()
    assert rows(page) == ["Lucía Fernández"]
    page.locator(f"#archived-{lucia.pk} a").click()
    assert page.locator("#thread h1:visible").inner_text() == "Lucía Fernández"
    assert rows(page) == ["Lucía Fernández"]
    page.get_by_role("link", name="Clear filters").click()
    assert len(rows(page)) == 4


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1440", "390"])
def test_r32_older_messages_are_in_history(
    stack: Stack, someone: NewContext, viewport: dict[str, int]
) -> None:
    """Beside "Show 20 earlier", a way to all this person's conversations; also from the panel."""
    shop = make_project()
    ana = make_agent(shop, "Ana")
    web, lucia = shop.inboxes.get(), make_customer(shop.inboxes.get(), "Lucía")
    desk = Desk(someone(viewport=viewport), stack.url, ana).sign_in()
    desk.accept()
    for n in range(7):
        conversation = write(web, lucia, f"case {n}").conversation
        for more in range(3):
            write(web, lucia, f"case {n}, {more}")
        if n < 6:
            closing.end(agent=ana, conversation=conversation, typification=order_status(shop))
    ended(web, ana, ["Mateo"])
    expect(desk.row(conversation)).to_be_visible()
    desk.open(conversation)
    if viewport == PHONE:
        desk.page.locator(".details").click()
    previous = desk.page.locator(".prev a")
    expect(previous).to_have_count(5)
    expect(previous.first).to_contain_text("case 5")
    expect(previous.first).to_contain_text("Order status · Ana")
    expect(desk.page.locator(".side .all")).to_have_text("All 6")
    previous.first.click()
    expect(desk.page.locator("#thread .msg").first).to_contain_text("case 5")
    expect(desk.page.locator("#thread .msg")).to_have_count(4)
    desk.page.goto(f"{stack.url}{conversation.get_absolute_url()}")
    desk.wait_for_line()
    desk.page.get_by_role("link", name="older messages are in History").click()
    expect(desk.page.locator("#archive .nm")).to_have_text(["Lucía"] * 6)
    expect(desk.page.locator("#archive .chip")).to_have_text("Lucía")
    assert desk.complaints == []
