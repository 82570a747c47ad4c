"""Notes in the browser: written for colleagues, live on their screens, never an answer."""

import pytest
from playwright.sync_api import expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import (
    arrivals,
    make_agent,
    make_customer,
    make_project,
    order_status,
    write,
)
from contactcenter.tests.browsers import Chat, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.note_taking import add_note, answers, box, note, noted, store
from contactcenter.tests.stack import Stack
from conversations import closing
from conversations.models import Conversation, Inbox, Note

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


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
