"""R51: a customer sends files of each kind; the agent sees and hears them once they are checked."""

import re

import pytest
from playwright.sync_api import FilePayload, Route, expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import make_project
from contactcenter.tests import sending
from contactcenter.tests.browsers import PHONE, Chat, Desk
from contactcenter.tests.chatting import conversation_of
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.sending import served
from contactcenter.tests.stack import Stack
from conversations.models import Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def test_r51_each_kind_comes_from_the_customer_and_is_seen_once_it_is_checked(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    chat = Chat(someone(), stack.url, web)
    files = sending.of_each_kind()
    chips = sending.put(chat, files["Image"])  # the very first thing she says
    sending.put(chat, files["Video"])
    sending.drop(chat.page, "main", files["Document"])
    untold = FilePayload(**files["Audio"] | {"mimeType": ""})  # not every system knows its type
    sending.paste(chat.page, "chat-composer textarea", untold)
    expect(chips).to_have_count(4)
    for chip in chips.all():
        expect(chip).to_have_attribute("data-state", re.compile("checking|ready"), timeout=20_000)
    chat.write("All of them")
    expect(chat.bubble("All of them").locator(".file")).to_have_count(4)
    conversation = conversation_of(web)
    row = desk.row(conversation)
    expect(row).to_have_attribute("data-new", "1")  # R27, R29: as any other message
    desk.open(conversation)
    for page in (desk.page, chat.page):
        assert sending.loaded(sending.shown(page, "Image")) > 0
        for kind in ("Video", "Audio"):
            player = sending.shown(page, kind)
            assert sending.loaded(player, "duration") > 1
            sent = files[kind]["buffer"]
            assert sending.digest(sending.whole(page, player)) == sending.digest(sent)
        with page.expect_download() as download:
            sending.shown(page, "Document").locator("a").click()
        assert download.value.path().read_bytes() == files["Document"]["buffer"]
    shared = desk.page.locator("shared-files")
    expect(shared.locator(".thumbs img")).to_have_count(1)
    expect(shared.locator(".papers li")).to_have_count(3)
    check_lightbox(desk, chat)
    check_speed(desk)
    chat.page.reload()
    expect(chat.page.locator(".msg .file[data-state=ready]")).to_have_count(5)
    assert desk.complaints == [] and chat.complaints == []


def check_lightbox(desk: Desk, chat: Chat) -> None:
    """Two pictures, arrows between them, closer and back, the focus where it was left."""
    sending.put(chat, sending.jpg("second.jpg"))
    chip = chat.page.locator(".chip")
    expect(chip).to_have_attribute("data-state", "ready", timeout=sending.CHECKED)
    chat.write("One more")
    page = desk.page
    expect(page.locator(".msg a[data-lightbox]")).to_have_count(2)
    page.locator(".msg a[data-lightbox]").first.press("Enter")
    box = page.get_by_role("dialog", name="Image")
    expect(box.locator("[data-place]")).to_have_text("1 / 2")
    expect(box.get_by_role("button", name="Previous image")).to_be_disabled()
    assert sending.loaded(box) > 0
    page.keyboard.press("ArrowRight")
    expect(box.locator("[data-place]")).to_have_text("2 / 2")
    expect(box.locator("[data-picture]")).to_have_attribute("alt", "One more")
    before = box.locator("[data-picture]").bounding_box()
    page.keyboard.press("+")
    after = box.locator("[data-picture]").bounding_box()
    assert before and after and after["width"] > before["width"] * 1.5
    scrolled = "document.querySelector('[data-stage]').scrollLeft"
    middle = page.evaluate(scrolled)
    page.keyboard.press("ArrowRight")  # around in this one, not to the next
    wait_until(lambda: page.evaluate(scrolled) > middle > 0, 5)
    page.keyboard.press("0")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(page.locator(".msg a[data-lightbox]").last).to_be_focused()


def check_speed(desk: Desk) -> None:
    figure = sending.shown(desk.page, "Audio")
    button = figure.get_by_role("button", name="Speed")
    button.click()
    expect(button).to_have_accessible_name("Speed 1.5×")
    assert figure.locator("audio").evaluate("audio => audio.playbackRate") == 1.5


def test_r51_what_cannot_be_sent_is_said_in_the_tray_and_in_the_thread(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    chat = Chat(someone(viewport=PHONE), stack.url, web)
    served(desk, chat, web)
    bad = [
        (sending.file("text.png", b"This is a text.\n"), "which cannot be sent here"),
        (sending.file("big.png", b"x" * (6 * 1024 * 1024)), "at most 5"),
        (sending.file("none.png", b""), "The file is empty."),
    ]
    chips = sending.put(chat, *(each for each, _why in bad))
    for chip, (_file, why) in zip(chips.all(), bad, strict=True):
        expect(chip).to_have_attribute("data-state", "refused", timeout=sending.CHECKED)
        expect(chip.get_by_role("status")).to_contain_text(why)
    chat.write("Look")
    expect(chat.page.get_by_role("alert").filter(has_text="A file is not ready")).to_be_visible()
    assert chat.fine() == []
    assert conversation_of(web).messages.count() == 1
    while chips.count():
        chips.first.get_by_role("button", name=re.compile("Remove")).click()
    expect(chat.box).to_be_focused()
    check_live(stack, desk, chat)
    refused = "Failed to load resource"  # as a browser says what it was refused
    assert desk.complaints == [] and [c for c in chat.complaints if refused not in c] == []


def check_live(stack: Stack, desk: Desk, chat: Chat) -> None:
    """Sent while being checked, decided before everybody's eyes; what is heard plays on."""
    chat.page.route("**/uploads/?lang=en", too_fast, times=1)
    chips = sending.put(chat, sending.sound("<b onclick=x>\u202e😀.mp3"))
    expect(chips).to_have_attribute("data-state", "lost")
    expect(chips.get_by_role("status")).to_have_text("Wait 1 s.")  # then it goes on
    expect(chips).to_have_attribute("data-state", "ready", timeout=sending.CHECKED)
    stack.processes["files"].terminate()  # nobody checks for a while
    stack.processes["files"].wait()
    try:
        text, lamp = sending.file("a.png", b"No picture.\n"), sending.jpg()
        for chip in sending.put(chat, text, lamp).all()[1:]:
            expect(chip).to_have_attribute("data-state", "checking", timeout=20_000)
        chat.write("Two")
        for place in (chat.bubble("Two"), desk.bubble("Two")):
            expect(place.locator(".file.checking")).to_have_count(2)
            expect(place.locator(".file.checking").first).to_contain_text("Being checked")
        assert chat.fine() == [] and desk.fine() == []
        heard = [place.locator("audio") for place in (chat.bubble("Two"), desk.bubble("Two"))]
        for player in heard:
            player.evaluate("audio => { audio.loop = true; return audio.play(); }")
    finally:
        stack.start_files()
    for place in (chat.bubble("Two"), desk.bubble("Two")):
        expect(place.locator(".file.ready img")).to_be_visible(timeout=sending.CHECKED)
        expect(place.locator(".file.refused")).to_contain_text("which cannot be sent here")
    for player in heard:  # drawn anew meanwhile, or not: it plays on
        assert not player.evaluate("audio => audio.paused")
        expect(player).to_have_accessible_name("Two")
    expect(desk.page.locator("shared-files .papers")).to_contain_text("<b onclick=x>😀.mp3")
    assert chat.fine() == [] and desk.fine() == []


def too_fast(route: Route) -> None:
    route.fulfill(status=429, json={"code": "too_fast", "detail": "Wait 1 s."})
