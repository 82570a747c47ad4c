"""Voice notes: recorded in either composer, heard before they are sent, sent as OGG-Opus."""

import pytest
from playwright.sync_api import Page, expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import make_agent, make_project
from contactcenter.tests import sending
from contactcenter.tests.browsers import PHONE, Chat, Desk
from contactcenter.tests.chatting import conversation_of
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Inbox
from media.models import Upload

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed"), pytest.mark.whole_browser]
MAY_HEAR = {"permissions": ["microphone"]}
COUNT_STREAMS = """() => {
  const devices = navigator.mediaDevices;
  const real = devices.getUserMedia.bind(devices);
  window.streams = [];
  devices.getUserMedia = async (what) => {
    const stream = await real(what);
    streams.push(stream);
    return stream;
  };
}"""
GONE_WHILE_ASKING = """() => {
  window.late = new AudioContext().createMediaStreamDestination().stream;
  let allow;
  navigator.mediaDevices.getUserMedia = () => new Promise((done) => (allow = () => done(late)));
  const note = document.querySelector("voice-note");
  note.querySelector("[data-record]").click();
  note.remove();
  allow();
}"""


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def record(page: Page) -> None:
    """Two seconds, by the clock on the screen."""
    page.get_by_role("button", name="Record a voice note").click()
    expect(page.get_by_role("timer")).to_have_text("0:02", timeout=15_000)


def test_r49_r51_a_voice_note_goes_both_ways_as_ogg(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    ana = make_agent(web.project, "Ana")
    desk = Desk(someone(**MAY_HEAR), stack.url, ana).sign_in()
    desk.accept()
    chat = Chat(someone(viewport=PHONE, **MAY_HEAR), stack.url, web)
    chat.write("Hello")
    desk.open(conversation_of(web))
    record(desk.page)
    assert desk.fine() == []
    desk.page.keyboard.press("Escape")  # not this one: its Cancel
    expect(desk.page.get_by_role("button", name="Record a voice note")).to_be_focused()
    record(desk.page)
    desk.page.keyboard.press("Enter")  # the focus is on Done
    sending.expect_state(sending.lines(desk), "ready")
    player = sending.lines(desk).locator("audio")
    assert sending.loaded(sending.lines(desk), "duration") > 1
    expect(player).to_have_accessible_name("Voice note.ogg")
    expect(sending.lines(desk)).to_contain_text("Converted from WebM to OGG.")
    assert desk.fine() == []
    sending.dialog(desk).get_by_role("button", name="Send").click()
    assert sending.loaded(sending.shown(chat.page, "Audio"), "duration") > 1
    check_pressed_twice(chat.page)
    record(chat.page)
    assert chat.fine() == []
    chat.page.get_by_role("button", name="Done").click()
    chip = chat.page.locator(".chip")
    expect(chip).to_have_attribute("data-state", "ready", timeout=sending.CHECKED)
    heard = chip.locator("audio")
    heard.evaluate("audio => audio.play()")  # before it is sent
    wait_until(lambda: heard.evaluate("audio => audio.currentTime") > 0.2, 10)
    assert chat.fine() == []
    chat.page.get_by_role("button", name="Send").click()
    expect(desk.page.locator(".msg.in .file[data-kind=audio][data-state=ready]")).to_be_visible()
    assert sending.loaded(sending.shown(desk.page, "Audio"), "duration") > 1
    assert sending.whole(desk.page, sending.shown(desk.page, "Audio"))[:4] == b"OggS"
    notes = Upload.objects.filter(project=web.project)
    assert {(note.format, note.converted) for note in notes} == {("ogg", "webm_to_ogg")}
    assert desk.complaints == [] and chat.complaints == []


def check_pressed_twice(page: Page) -> None:
    """It listens once, and not any more after a cancel."""
    page.evaluate(COUNT_STREAMS)
    page.get_by_role("button", name="Record a voice note").dblclick()
    expect(page.get_by_role("timer")).to_be_visible()
    page.keyboard.press("Escape")
    states = "streams.map((stream) => stream.getTracks()[0].readyState)"
    wait_until(lambda: page.evaluate(states) == ["ended"], 10)


def test_without_the_microphone_it_says_what_to_do(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    """Refused on the desk; in the widget there is none at all."""
    desk = Desk(someone(), stack.url, make_agent(web.project, "Ana")).sign_in()
    desk.accept()
    chat = Chat(someone(**MAY_HEAR), stack.url, web)
    chat.write("Hello")
    desk.open(conversation_of(web))
    desk.page.get_by_role("button", name="Record a voice note").click()
    problem = desk.page.locator("voice-note").get_by_role("alert")
    expect(problem).to_contain_text("The microphone is blocked.")
    assert desk.fine() == []
    desk.page.evaluate(GONE_WHILE_ASKING)  # allowed when another conversation is open already
    wait_until(lambda: desk.page.evaluate("late.getTracks()[0].readyState") == "ended", 10)
    chat.page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = async () => {"
        " throw new DOMException('', 'NotFoundError'); }; }"
    )
    chat.page.get_by_role("button", name="Record a voice note").click()
    problem = chat.page.locator("voice-note").get_by_role("alert")
    expect(problem).to_contain_text("No microphone was found.")
    assert chat.fine() == []
    expect(chat.page.get_by_role("button", name="Record a voice note")).to_be_visible()
