"""Files on bad lines: lost in the middle, cancelled, their news lost; and on the phone."""

import pytest
from playwright.sync_api import expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import make_agent, make_project
from contactcenter.tests import sending
from contactcenter.tests.browsers import PHONE, Chat, Desk
from contactcenter.tests.chatting import conversation_of, lose
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.sending import served
from contactcenter.tests.stack import Stack
from conversations.models import Inbox, Message
from faults.proxy import Proxy
from media.tests.making import noise

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


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
    wait_until(lambda: sent.count() == 2, 30)  # a line that was reset twice waits before it returns


def test_a_verdict_whose_news_is_lost_is_shown_within_15_seconds(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    mine, hers = someone(), someone()
    lose(mine, "**/ws/console/**", lambda frame: 'id=\\"upload-' in frame)
    of_files = ('"type": "upload"', '"type": "files"')
    lose(hers, "**/ws/webchat/**", lambda frame: any(each in frame for each in of_files))
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


def test_r34_r37_on_the_phone_the_camera_and_the_gallery(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    ana = make_agent(web.project, "Ana")
    desk = Desk(someone(viewport=PHONE, has_touch=True, is_mobile=True), stack.url, ana).sign_in()
    desk.accept()
    chat = Chat(someone(viewport=PHONE, has_touch=True, is_mobile=True), stack.url, web)
    chat.write("Hello")
    desk.row(conversation_of(web)).tap()
    box = sending.open_dialog(desk, "Image")
    camera = box.locator("input[capture]")
    expect(camera).to_have_attribute("accept", "image/*")
    expect(box.get_by_role("button", name="Take a photo")).to_be_visible()
    assert "image/jpeg" in str(box.locator('[data-from="file"]').get_attribute("accept"))
    assert desk.fine() == []
    camera.set_input_files([sending.jpg("IMG_1.jpg")])
    sending.expect_state(sending.lines(desk), "ready")
    for button in box.locator(".upload button:visible, footer button:visible").all():
        place = button.bounding_box()
        assert place and place["height"] >= 44
    assert desk.fine() == []
    box.get_by_role("button", name="Send").tap()
    assert sending.loaded(sending.shown(chat.page, "Image")) > 0
    assert chat.fine() == []
    sending.shown(desk.page, "Image").locator("a").tap()
    expect(desk.page.get_by_role("dialog", name="Image")).to_be_visible()
    assert desk.fine() == []
