"""Notes in the browser: written for colleagues, live on their screens, never an answer."""

import uuid

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from agents.models import Agent
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import (
    arrivals,
    make_agent,
    make_customer,
    make_project,
    order_status,
    write,
)
from contactcenter.tests.browsers import DESKTOP, PHONE, Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from contactcenter.tests.test_journey_accessible import assert_fine
from contactcenter.tests.test_journey_lost_pushes import lossy  # noqa: F401  a fixture
from conversations import closing, noting
from conversations.models import Conversation, Inbox, Message, Note

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def box(desk: Desk) -> Locator:
    return desk.page.locator("note-composer textarea")


def add_note(desk: Desk, text: str) -> None:
    """In note mode, by keyboard, from wherever the focus is."""
    desk.page.locator("[data-choose=note]").click()
    desk.page.locator("note-composer textarea").fill(text)
    desk.page.locator("note-composer textarea").press("Enter")


def note(desk: Desk, text: str) -> Locator:
    return desk.page.locator("#thread .note", has_text=text)


def noted(desk: Desk, text: str) -> Locator:
    return desk.page.locator("#contact .noted", has_text=text)


def store(agent: Agent, conversation: Conversation, text: str, on_contact: bool = False) -> Note:
    return noting.write(
        agent=agent,
        conversation=conversation,
        client_id=uuid.uuid4(),
        text=text,
        on_contact=on_contact,
    )


def answers(conversation: Conversation) -> list[str]:
    return list(conversation.messages.filter(author="agent").values_list("text", flat=True))


def test_a_note_is_written_beside_the_answers_and_the_customer_has_none_of_it(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    chat = Chat(someone(), stack.other_url, web)
    chat.write("Where is my lamp?")
    expect(desk.rows()).to_have_count(1)
    conversation = Conversation.objects.get(project=web.project)
    desk.open(conversation)
    page, reply = desk.page, desk.page.locator("message-composer textarea")
    reply.fill("half an answer")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+N")
    expect(box(desk)).to_be_focused()
    expect(reply).to_be_hidden()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="Add note").first).to_be_visible()
    page.keyboard.type("half a note")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(reply).to_be_focused()
    expect(reply).to_have_value("half an answer")  # each mode keeps its own
    expect(page.locator("[data-choose=note]")).to_contain_text("not added yet")
    page.reload()
    desk.wait_for_line()
    expect(reply).to_have_value("half an answer")
    page.locator("[data-choose=note]").click()
    expect(box(desk)).to_have_value("half a note")
    page.keyboard.type(", paid twice")
    page.keyboard.press("Enter")
    expect(note(desk, "half a note, paid twice")).to_contain_text("only colleagues see this")
    expect(note(desk, "half a note")).to_contain_text("Ana")
    expect(noted(desk, "half a note, paid twice")).to_be_visible()
    expect(box(desk)).to_have_value("")
    wait_until(lambda: Note.objects.filter(conversation=conversation).count() == 1, 10)
    page.locator("[data-choose=reply]").click()
    page.keyboard.press("Enter")
    expect(chat.bubble("half an answer")).to_be_visible()
    expect(chat.page.locator("body")).not_to_contain_text("paid twice")
    assert answers(conversation) == ["half an answer"]
    # behind the message it was written after, also for who comes anew
    order = "els => els.map(el => el.className.split(' ')[0])"
    assert page.locator("#thread .inner > [data-at]").evaluate_all(order) == ["msg", "note", "msg"]
    page.reload()
    desk.wait_for_line()
    assert page.locator("#thread .inner > [data-at]").evaluate_all(order) == ["msg", "note", "msg"]
    assert desk.complaints == chat.complaints == []


def test_a_note_on_the_contact_stands_in_the_next_conversation_too(desk: Desk, web: Inbox) -> None:
    lucia = make_customer(web, "Lucía")
    first = write(web, lucia, "Hello").conversation
    desk.open(first)
    desk.page.locator("#contact [data-add-note]").click()
    expect(box(desk)).to_be_focused()
    expect(desk.page.get_by_label("Keep with the contact")).to_be_checked()
    desk.page.keyboard.type("Prefers deliveries after 17:00.")
    desk.page.keyboard.press("Enter")
    expect(noted(desk, "after 17:00")).to_be_visible()
    expect(note(desk, "after 17:00")).to_contain_text("Note on the contact")
    expect(desk.page.get_by_label("Keep with the contact")).not_to_be_checked()
    desk.end()
    following = write(web, lucia, "Me again").conversation
    desk.open(following)
    expect(noted(desk, "after 17:00")).to_be_visible()
    expect(note(desk, "after 17:00")).to_be_visible()
    stored = Note.objects.get(project=web.project)
    assert (stored.contact, stored.conversation) == (lucia.contact, None)


def test_it_is_live_for_everybody_who_has_the_thread_open_and_goes_everywhere(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    """Ana in two tabs and Bruno, who served the same customer before."""
    lucia = make_customer(web, "Lucía")
    first = write(web, lucia, "Hello").conversation
    desk.open(first)
    tab = Desk(desk.page.context, stack.other_url, desk.agent).sign_in()
    tab.open(first)
    desk.end()
    desk.stop()
    bruno = make_agent(web.project, "Bruno")
    other = Desk(someone(), stack.other_url, bruno).sign_in()
    other.accept()
    following = write(web, lucia, "Me again").conversation
    expect(other.rows()).to_have_count(1)
    other.open(following)
    add_note(other, "she called")
    for screen in (desk, tab, other):
        expect(note(screen, "she called")).to_be_visible()
        expect(noted(screen, "she called")).to_be_visible()
    expect(note(desk, "she called").locator(".unnote")).to_be_hidden()  # his to take back
    expect(desk.page.locator("#announce")).to_have_text("Note from Bruno: she called")
    expect(other.page.locator("#announce")).not_to_contain_text("she called")
    note(other, "she called").locator("summary").click()
    note(other, "she called").get_by_role("button", name="Remove note").click()
    for screen in (desk, tab, other):
        expect(note(screen, "she called")).to_have_count(0)
        expect(noted(screen, "she called")).to_have_count(0)
    expect(other.page.locator("toast-stack")).to_contain_text("Note removed.")
    assert not Note.objects.filter(project=web.project).exists()
    assert desk.complaints == tab.complaints == other.complaints == []


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


def test_at_a_colleague_is_chosen_by_keyboard_and_hears_of_it_without_a_sound(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    make_agent(web.project, "Óscar")
    bruno = Desk(someone(), stack.other_url, make_agent(web.project, "Bruno"))
    bruno.page.add_init_script(
        "window.sounds = 0; document.addEventListener('console:news', () => (window.sounds += 1))"
    )
    bruno.sign_in()
    badge = bruno.page.locator("#mentioned")
    expect(badge).to_be_hidden()
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    page = desk.page
    page.locator("[data-choose=note]").click()
    page.keyboard.type("Have a look @")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    page.keyboard.type("osc")
    expect(page.locator("#note-people [role=option]:visible")).to_have_text(["Óscar"])
    for _ in range(3):
        page.keyboard.press("Backspace")
    expect(page.locator("#note-people [role=option]:visible")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#note-people")).to_be_hidden()
    page.keyboard.type("b")
    expect(page.locator("#note-people [role=option]:visible")).to_have_text(["Bruno"])
    page.keyboard.press("Tab")
    expect(box(desk)).to_have_value("Have a look @Bruno ")
    expect(box(desk)).to_be_focused()
    page.keyboard.type("please")
    page.keyboard.press("Enter")
    toast = bruno.page.locator("toast-stack .toast")
    expect(toast).to_contain_text("Ana mentioned you in a note.")
    expect(toast.get_by_role("link", name="Open")).to_have_count(0)  # not his to see
    expect(badge).to_be_visible()
    assert Note.objects.get(conversation=conversation).mentioned.get() == bruno.agent
    bruno.page.reload()
    bruno.wait_for_line()
    expect(badge).to_be_visible()  # nothing but looking takes it away
    badge.click()
    expect(bruno.page.locator("#thread")).to_contain_text("not yours to see")
    expect(badge).to_be_hidden()
    bruno.page.reload()
    bruno.wait_for_line()
    expect(badge).to_be_hidden()
    desk.stop()
    bruno.accept()
    closing.end(agent=desk.agent, conversation=conversation, typification=order_status(web.project))
    following = write(web, conversation.identity, "Me again").conversation
    expect(bruno.rows()).to_have_count(1)
    heard = bruno.page.evaluate("sounds")
    store(desk.agent, conversation, "and here too, @Bruno")
    toast.get_by_role("link", name="Open").click()
    expect(bruno.page.locator("#thread")).to_have_attribute("data-conversation", str(following.pk))
    expect(note(bruno, "and here too")).to_be_visible()
    assert bruno.page.evaluate("sounds") == heard
    assert desk.complaints == bruno.complaints == []


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


NOTES = """() => ({
  thread: [...document.querySelectorAll("#thread .inner > [data-at]")].map((l) => l.id),
  beside: [...document.querySelectorAll("#contact .noted")].map((l) => l.id),
  badge: document.querySelector("#mentioned").dataset.newest,
})"""


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


@pytest.mark.parametrize(
    ("viewport", "scheme", "language"),
    [
        pytest.param(DESKTOP, "light", "en", id="1440-light-en"),
        pytest.param(PHONE, "dark", "es", id="390-dark-es"),
    ],
)
def test_every_state_of_notes_is_accessible_and_fits(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    shop = make_project()
    ana = make_agent(shop, "Ana", language=language)
    bruno = make_agent(shop, "Bruno " + "Wolfeschlegelstein" * 3)
    desk = Desk(someone(viewport=viewport, color_scheme=scheme), stack.url, ana).sign_in()
    page = desk.page
    desk.accept()
    (conversation,) = arrivals(shop.inboxes.get(), 1)
    desk.open(conversation)
    store(bruno, conversation, f"@Ana https://shop.example/{'x' * 90}", on_contact=True)
    expect(page.locator("#thread .note")).to_have_count(1)
    assert_fine(desk, "a colleague's note, a mention")
    modes = page.locator(".modes button")
    assert viewport != PHONE or all(m.bounding_box()["height"] >= 44 for m in modes.all())
    modes.last.click()
    assert_fine(desk, "note mode")
    page.keyboard.type("@b")
    expect(page.locator("#note-people")).to_be_visible()
    assert_fine(desk, "colleagues")
    page.keyboard.press("Escape")
    add_note(desk, "x" * 2000)
    expect(page.locator("#thread .note.mine:not(.pending)")).to_have_count(1)
    page.locator("#thread .note.mine summary").click()
    assert_fine(desk, "taking it back")
    page.route("**/notes/", lambda route: route.fulfill(status=403, body="no"))
    add_note(desk, "refused")
    expect(page.locator("#thread .note.failed")).to_be_visible()
    assert_fine(desk, "refused")
    if viewport == PHONE:
        page.locator(".details").click()
    expect(page.locator("#contact .noted").first).to_be_visible()
    assert_fine(desk, "beside the thread")
    page.goto(f"{stack.url}/p/{shop.slug}/mentions/")
    desk.wait_for_line()
    assert_fine(desk, "mentions")
    page.goto(f"{stack.url}/p/{shop.slug}/")
    desk.wait_for_line()
    assert page.locator("#mentioned").is_hidden()


def test_without_a_script_a_note_is_added_by_its_own_form(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    ana = make_agent(web.project, "Ana")
    desk = Desk(someone(), stack.url, ana).sign_in()
    desk.accept()
    (conversation,) = arrivals(web, 1)
    expect(desk.rows()).to_have_count(1)
    cookies = desk.page.context.cookies()
    plain = someone(java_script_enabled=False)
    plain.add_cookies(cookies)
    page = plain.new_page()
    page.goto(f"{stack.url}{conversation.get_absolute_url()}")
    page.locator("#note-text").fill("by hand")
    page.locator(".notebox button").click()
    expect(page.locator(".note")).to_contain_text("by hand")
    page.locator(".note summary").click()
    page.locator(".note").get_by_role("button", name="Remove note").click()
    expect(page.locator("#thread .note")).to_have_count(0)
    assert answers(conversation) == []
