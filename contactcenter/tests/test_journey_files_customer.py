"""R51: a customer sends files of each kind, which the agent sees and hears once they are checked;
files meet bad lines on both sides."""

import re

import pytest
from playwright.sync_api import BrowserContext, WebSocketRoute, expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import make_agent, make_project
from contactcenter.tests import sending
from contactcenter.tests.browsers import PHONE, Chat, Desk
from contactcenter.tests.chatting import conversation_of
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Inbox, Message
from faults.proxy import Proxy
from media.tests.making import noise

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def served(desk: Desk, chat: Chat, web: Inbox) -> None:
    """Lucía says hello, and Ana has the conversation open."""
    chat.write("Hello")
    conversation = conversation_of(web)
    expect(desk.row(conversation)).to_be_visible()
    desk.open(conversation)


def test_r51_each_kind_comes_from_the_customer_and_is_seen_once_it_is_checked(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    chat = Chat(someone(), stack.url, web)
    files = sending.of_each_kind()
    chips = sending.put(chat, files["Image"])  # the very first thing she says
    for kind in ("Video", "Document", "Audio"):
        sending.put(chat, files[kind])
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
    page.keyboard.press("-")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(page.locator(".msg a[data-lightbox]").last).to_be_focused()


def check_speed(desk: Desk) -> None:
    figure = sending.shown(desk.page, "Audio")
    button = figure.get_by_role("button", name="Speed")
    button.click()
    expect(button).to_have_text("1.5×")
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
    stack.processes["files"].terminate()  # nobody checks for a while
    stack.processes["files"].wait()
    try:
        text, lamp = sending.file("a.png", b"No picture.\n"), sending.jpg()
        for chip in sending.put(chat, text, lamp).all():
            expect(chip).to_have_attribute("data-state", "checking", timeout=20_000)
        chat.write("Two")
        for place in (chat.bubble("Two"), desk.bubble("Two")):
            expect(place.locator(".file.checking")).to_have_count(2)
            expect(place.locator(".file").first).to_contain_text("Being checked")
        assert chat.fine() == [] and desk.fine() == []
    finally:
        stack.start_files()
    for place in (chat.bubble("Two"), desk.bubble("Two")):
        expect(place.locator(".file.ready img")).to_be_visible(timeout=sending.CHECKED)
        expect(place.locator(".file.refused")).to_contain_text("which cannot be sent here")
    assert chat.fine() == [] and desk.fine() == []


def test_a_line_lost_at_60_percent_is_said_and_the_file_goes_on_by_itself(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    with Proxy("to the web", ("127.0.0.1", stack.ports[0])) as line:
        url = f"http://localhost:{line.port}"
        desk = Desk(someone(), url, make_agent(web.project, "Ana")).sign_in()
        desk.accept()
        chat = Chat(someone(), url, web)
        served(desk, chat, web)
        heavy = sending.file("heavy.png", noise(1100))
        sending.open_dialog(desk, "Image")
        line.mode(way="up", rate=600_000)
        chosen = sending.choose(desk, heavy)
        bar = chosen.locator("progress")
        wait_until(lambda: bar.evaluate("bar => bar.value") >= 60, 30)
        line.mode("reset")
        sending.expect_state(chosen, "lost")
        expect(chosen.get_by_role("status")).to_have_text(
            "The line is lost. It goes on by itself when the line is back."
        )
        line.mode()
        sending.expect_state(chosen, "ready")
        desk.page.get_by_label("Caption").press("Enter")
        line.mode(way="up", rate=600_000)
        chip = sending.put(chat, heavy)
        bar = chip.locator("progress")
        wait_until(lambda: bar.evaluate("bar => bar.value") >= 60, 30)
        line.mode("reset")
        expect(chip).to_have_attribute("data-state", "lost", timeout=20_000)
        line.mode()
        expect(chip).to_have_attribute("data-state", "ready", timeout=sending.CHECKED)
        chat.write("Heavy")
        expect(chat.page.locator('.msg .file.image[data-state="ready"]')).to_have_count(2)
    sent = Message.objects.filter(conversation__project=web.project, attachments__isnull=False)
    wait_until(lambda: sent.count() == 2, 10)


def test_a_verdict_whose_news_is_lost_is_shown_within_15_seconds(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    mine, hers = someone(), someone()
    lose(mine, "**/ws/console/**", 'id=\\"upload-')
    lose(hers, "**/ws/webchat/**", '"type": "upload"', '"type": "files"')
    desk = Desk(mine, stack.url, make_agent(web.project, "Ana")).sign_in()
    desk.accept()
    chat = Chat(hers, stack.url, web)
    served(desk, chat, web)
    sending.open_dialog(desk, "Image")
    line = sending.choose(desk, sending.jpg())
    chip = sending.put(chat, sending.jpg())
    for file in (line, chip):
        expect(file).to_have_attribute("data-state", "checking", timeout=10_000)
        expect(file).to_have_attribute("data-state", "ready", timeout=15_000)


def lose(context: BrowserContext, address: str, *having: str) -> None:
    """What the server says of files never gets through."""

    def connect(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(frame: str | bytes) -> None:
            if not any(each in str(frame) for each in having):
                socket.send(frame)

        server.on_message(pass_on)

    context.route_web_socket(address, connect)


def test_an_upload_under_way_is_cancelled(stack: Stack, someone: NewContext, web: Inbox) -> None:
    with Proxy("to the web", ("127.0.0.1", stack.ports[0])) as line:
        desk = Desk(
            someone(), f"http://localhost:{line.port}", make_agent(web.project, "Ana")
        ).sign_in()
        desk.accept()
        chat = Chat(someone(), stack.url, web)
        served(desk, chat, web)
        sending.open_dialog(desk, "Image")
        line.mode(way="up", rate=200_000)
        chosen = sending.choose(desk, sending.file("heavy.png", noise(1100)), sending.jpg())
        wait_until(lambda: chosen.first.locator("progress").evaluate("bar => bar.value") > 5, 30)
        expect(chosen.nth(1)).to_contain_text("Waits for its turn")
        chosen.first.get_by_role("button", name="Remove heavy.png").click()
        expect(chosen).to_have_count(1)
        line.mode()
        sending.expect_state(chosen, "ready")
        desk.page.get_by_label("Caption").press("Enter")
        assert sending.loaded(sending.shown(chat.page, "Image")) > 0
