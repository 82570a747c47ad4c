"""Notes that are on their way, lost, refused or gone meanwhile: each is there once in the end."""

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import (
    arrivals,
    make_agent,
    make_customer,
    make_project,
    write,
)
from contactcenter.tests.browsers import Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.note_taking import add_note, answers, box, note, noted, store
from contactcenter.tests.stack import Stack
from contactcenter.tests.test_journey_lost_pushes import lossy  # noqa: F401  a fixture
from conversations import noting
from conversations.models import Inbox, Message, Note

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
NOTES = """() => ({
  thread: [...document.querySelectorAll("#thread .inner > [data-at]")].map((l) => l.id),
  beside: [...document.querySelectorAll("#contact .noted")].map((l) => l.id),
  badge: document.querySelector("#mentioned").dataset.newest,
})"""


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def test_offline_it_says_adding_and_goes_in_once(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    desk.page.context.set_offline(True)
    for text in ("first", "second"):
        add_note(desk, text)
        expect(note(desk, text)).to_contain_text("Adding")
    assert not Note.objects.filter(conversation=conversation).exists()
    desk.page.context.set_offline(False)
    for text in ("first", "second"):
        expect(note(desk, text)).not_to_contain_text("Adding")
        expect(note(desk, text)).to_have_count(1)
    stored = Note.objects.filter(conversation=conversation).order_by("pk")
    assert [each.text for each in stored] == ["first", "second"]
    assert answers(conversation) == []


def test_an_answer_lost_on_the_way_back_makes_no_second_note(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    tries = []

    def lose(route: Route) -> None:
        tries.append(route.request.post_data)
        route.fetch()  # the server stores it …
        route.abort() if len(tries) == 1 else route.continue_()

    desk.page.route("**/notes/", lose)
    add_note(desk, "only once")
    desk.page.reload()  # what is left goes out again
    desk.wait_for_line()
    expect(note(desk, "only once")).to_have_count(1)
    expect(note(desk, "only once")).not_to_contain_text("Adding")
    assert Note.objects.filter(conversation=conversation).count() == 1


def test_what_is_refused_says_so_and_can_be_put_back(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    desk.page.route("**/notes/", lambda route: route.fulfill(status=403, body="no"))
    add_note(desk, "please")
    expect(note(desk, "please")).to_contain_text("Not added.")
    expect(desk.page.get_by_role("alert").filter(has_text="A note was not added.")).to_have_count(1)
    note(desk, "please").get_by_role("button", name="Put it back in the box").click()
    expect(box(desk)).to_have_value("please")
    expect(note(desk, "please")).to_have_count(0)
    desk.page.unroute("**/notes/")
    desk.page.keyboard.press("Enter")
    expect(note(desk, "please")).not_to_contain_text("Not added.")
    wait_until(lambda: Note.objects.filter(conversation=conversation).count() == 1, 10)
    assert answers(conversation) == []


def test_what_happens_while_a_thread_is_on_its_way_is_in_it(desk: Desk, web: Inbox) -> None:
    """Rendered, then changed, then shown."""
    (conversation,) = arrivals(web, 1)
    bruno = make_agent(web.project, "Bruno")
    before = store(bruno, conversation, "gone by then")

    held: list[tuple[Route, APIResponse]] = []
    page = desk.page
    page.evaluate(
        "() => { window.applied = 0;"
        " document.addEventListener('console:applied', () => (window.applied += 1)) }"
    )
    page.route(
        f"**{conversation.get_absolute_url()}", lambda route: held.append((route, route.fetch()))
    )
    desk.row(conversation).locator("a").click()
    expect(desk.row(conversation)).to_have_attribute("data-new", "0")  # it was opened, and rendered
    applied = page.evaluate("applied")
    store(bruno, conversation, "meanwhile")
    noting.remove(agent=bruno, note=before)
    wait_until(lambda: page.evaluate("applied") >= applied + 2 and held, 15)
    (route, thread) = held[0]
    route.fulfill(response=thread)
    expect(note(desk, "meanwhile")).to_be_visible()
    expect(noted(desk, "meanwhile")).to_be_visible()
    expect(note(desk, "gone by then")).to_have_count(0)
    expect(noted(desk, "gone by then")).to_have_count(0)


def test_a_note_on_what_is_over_can_be_tried_again(desk: Desk, web: Inbox) -> None:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    desk.end()
    expect(desk.page.locator(".composer.closed")).to_be_visible()
    desk.page.route("**/notes/", lambda route: route.fulfill(status=403, body="no"))
    add_note(desk, "called back")
    expect(note(desk, "called back")).to_contain_text("Not added.")
    desk.page.unroute("**/notes/")
    note(desk, "called back").get_by_role("button", name="Try again").click()
    expect(note(desk, "called back")).not_to_contain_text("Not added.")
    wait_until(lambda: Note.objects.filter(conversation=conversation).count() == 1, 10)


def shown(page: Page) -> object:
    return page.evaluate(NOTES)


def test_with_a_third_of_the_pushes_lost_the_notes_are_whole_within_15_seconds(
    lossy: Stack,  # noqa: F811
    someone: NewContext,
) -> None:
    shop = make_project()
    inbox, ana, bruno = shop.inboxes.get(), make_agent(shop, "Ana"), make_agent(shop, "Bruno")
    desk = Desk(someone(), lossy.url, ana).sign_in()
    desk.accept()
    lucia = make_customer(inbox, "Lucía")
    conversation = write(inbox, lucia).conversation
    desk.page.goto(f"{lossy.url}{conversation.get_absolute_url()}")
    desk.wait_for_line()
    other = Desk(someone(), lossy.other_url, ana).sign_in()
    other.page.goto(f"{lossy.other_url}{conversation.get_absolute_url()}")
    other.wait_for_line()
    for turn in range(8):
        add_note(desk if turn % 2 else other, f"note {turn}")
        store(bruno, conversation, f"@Ana {turn}", on_contact=bool(turn % 3))
        write(inbox, lucia, f"line {turn}")
    wait_until(lambda: Note.objects.filter(project=shop).count() == 16, 20)
    for text in ("note 1", "note 4", "@Ana 2"):
        each = Note.objects.select_related("project", "conversation").get(project=shop, text=text)
        noting.remove(agent=each.agent, note=each)
    fresh = Desk(someone(), lossy.url, ana)
    fresh.sign_in()
    fresh.page.goto(desk.page.url)
    fresh.wait_for_line()
    for page in (desk.page, other.page):
        wait_until(
            lambda page=page: shown(page) == shown(fresh.page),
            20,
            lambda page=page: f"{shown(page)}\n!=\n{shown(fresh.page)}",
        )
    assert len(shown(desk.page)["beside"]) == 13  # type: ignore[index]
    assert Message.objects.filter(conversation__project=shop, author="agent").count() == 0
