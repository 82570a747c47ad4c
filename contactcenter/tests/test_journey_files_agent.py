"""R34–R50: an agent sends files of each kind, by mouse and by keyboard, and they arrive as what
they are."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import make_project, make_supervisor
from contactcenter.tests import sending
from contactcenter.tests.browsers import Chat, Desk, Site
from contactcenter.tests.chatting import conversation_of
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.sending import LETTERS, NAMES
from contactcenter.tests.stack import Stack
from conversations.models import Attachment, Inbox
from media.models import MediaRule
from media.starting import WHATSAPP

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

BOXES = {
    "Image": ["JPG or PNG", "8-bit RGB or RGBA", "Up to 40 megapixels", r"Up to 5(\.0)?\sMB"],
    "Video": ["MP4 or 3GP", r"H\.264 \+ AAC", "One audio track or none", r"Up to 16(\.0)?\sMB"],
    "Document": ["PDF, Word, Excel, PowerPoint, text or CSV", "No password, no macros", "100"],
    "Audio": [r"MP3, AAC, M4A, AMR or OGG \(Opus\)", "OGG in mono", r"Up to 16(\.0)?\sMB"],
}

WITH_MY_TOKEN = """async (address) => {
  const key = Object.keys(localStorage).find((name) => name.endsWith(":token"));
  const headers = { Authorization: `Bearer ${localStorage.getItem(key)}` };
  return (await fetch(address, { headers })).status;
}"""


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


@pytest.fixture
def chat(stack: Stack, someone: NewContext, web: Inbox, desk: Desk) -> Chat:
    """Lucía's, with Ana at the other end."""
    chat = Chat(someone(), stack.url, web)
    chat.write("Hello")
    conversation = conversation_of(web)
    expect(desk.row(conversation)).to_be_visible()
    desk.open(conversation)
    return chat


def test_r34_r35_r39_r43_r47_keys_alone_open_each_dialog_and_esc_returns_to_the_clip(
    desk: Desk, chat: Chat
) -> None:
    page, clip = desk.page, desk.page.get_by_test_id("attach")
    for kind, letter in LETTERS.items():
        page.keyboard.press("Escape")  # out of the box: letters are keys
        page.keyboard.press("a")
        page.keyboard.press(letter)
        expect(page.get_by_role("menuitem", name=kind)).to_be_focused()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name=NAMES[kind])
        expect(dialog).to_be_visible()
        expect(page.get_by_role("button", name=f"Upload {kind.lower()}")).to_be_focused()
        expect(page.get_by_role("button", name="Send").last).to_be_disabled()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(clip).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("i")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Upload image")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([sending.jpg()])
    sending.expect_state(sending.lines(desk), "ready")
    expect(page.get_by_label("Caption")).to_be_focused()
    page.keyboard.type("By keys alone")
    page.keyboard.press("Enter")
    expect(chat.bubble("By keys alone").locator(".file.image")).to_be_visible()
    assert desk.complaints == []


def test_r36_r40_r44_r48_the_box_says_what_the_rule_says_and_follows_it(
    stack: Stack, someone: NewContext, web: Inbox, desk: Desk, chat: Chat
) -> None:
    web.media_rules = web.project.media_rule_sets.get(name=WHATSAPP)
    web.save()
    for kind, sentences in BOXES.items():
        box = sending.open_dialog(desk, kind).locator(".box li")
        for sentence in sentences:
            expect(box.filter(has_text=re.compile(sentence))).to_have_count(1)
        desk.page.keyboard.press("Escape")
    rule = MediaRule.objects.get(rule_set=web.media_rules, kind="image")
    site = Site(someone(), stack.url, make_supervisor(web.project))
    site.page.goto(f"{stack.url}/admin/media/mediaruleset/{rule.rule_set_id}/change/")
    site.page.get_by_label("Megabytes at most").first.fill("2.5")
    site.page.get_by_role("button", name="Save", exact=True).click()
    expect(site.page.locator(".messagelist .success")).to_be_visible()
    box = sending.open_dialog(desk, "Image")
    expect(box.locator("[data-line=size]")).to_contain_text(re.compile(r"Up to 2\.5\sMB"))
    line = sending.choose(desk, sending.file("big.png", b"x" * (3 * 1024 * 1024)))
    sending.expect_state(line, "refused")
    expect(line.locator("[data-line=size]")).to_have_class("unmet")
    MediaRule.objects.filter(rule_set=web.media_rules, kind="video").update(is_allowed=False)
    desk.page.reload()
    desk.wait_for_line()
    desk.page.get_by_test_id("attach").click()
    video = desk.page.get_by_role("menuitem", name="Video")
    expect(video).to_have_attribute("aria-disabled", "true")
    expect(video).to_contain_text("This channel does not take such files.")
    video.click(force=True)  # it looks, and is said to be, of no use
    expect(desk.page.get_by_role("dialog")).to_have_count(0)


def test_r37_r38_r41_r42_r45_r46_r49_r50_each_kind_arrives_as_what_it_is(
    stack: Stack, someone: NewContext, desk: Desk, chat: Chat, web: Inbox
) -> None:
    files = sending.of_each_kind() | {"Document": sending.paper("../../é ñ.pdf")}
    for kind, file in files.items():
        sending.send(desk, kind, file, caption=f"The {kind.lower()}")
    for page in (chat.page, desk.page):
        image = sending.shown(page, "Image")
        assert sending.loaded(image) > 0
        expect(image.locator("img")).to_have_attribute("alt", "The image")
        body = sending.whole(page, image)
        assert sending.looks_like(body, files["Image"]["buffer"])
        assert not Image.open(io.BytesIO(body)).getexif()
        for kind in ("Video", "Audio"):
            player = sending.shown(page, kind)
            assert sending.loaded(player, "duration") > 1
            assert sending.digest(sending.whole(page, player)) == sending.digest(
                files[kind]["buffer"]
            )
        document = sending.shown(page, "Document")
        expect(document.locator("bdi")).to_have_text("é ñ.pdf")
        with page.expect_download() as download:
            document.locator("a").click()
        assert download.value.suggested_filename == "é ñ.pdf"
        assert download.value.path().read_bytes() == files["Document"]["buffer"]
    film = sending.shown(chat.page, "Video").locator("video")
    film.evaluate("film => new Promise(done => { film.onseeked = done; film.currentTime = 1.5; })")
    assert film.evaluate("film => film.currentTime") == pytest.approx(1.5)
    address = film.evaluate("film => film.src")
    part = chat.page.request.get(address, headers={"Range": "bytes=100-199"})
    assert (part.status, len(part.body())) == (206, 100)
    stranger = Chat(someone(), stack.url, web)
    upload_id = Attachment.objects.filter(conversation=conversation_of(web))[0].upload_id
    guess = stranger.page.evaluate(WITH_MY_TOKEN, f"/webchat/{web.key}/uploads/{upload_id}/")
    assert guess == 404
    assert desk.complaints == []
    assert [each for each in chat.complaints if "404" not in each] == []


def test_r37_r41_r45_r49_what_cannot_be_sent_says_why_on_its_line_and_nothing_is_sent(
    desk: Desk, chat: Chat, web: Inbox
) -> None:
    sending.open_dialog(desk, "Image")
    send = sending.dialog(desk).get_by_role("button", name="Send")
    bad = [
        (sending.file("text.png", b"This is a text.\n"), "which cannot be sent here", "format"),
        (sending.file("big.png", b"x" * (6 * 1024 * 1024)), "at most 5", "size"),
        (sending.file("setup.png", b"MZ" + bytes(4000)), "a program", "format"),
        (sending.file("half.jpg", sending.jpg()["buffer"][:3000]), "damaged", ""),
        (sending.file("none.png", b""), "The file is empty.", ""),
    ]
    page = {"status": 413, "content_type": "text/html", "body": "<h1>Too large</h1>"}
    desk.page.route("**/uploads/", lambda route: route.fulfill(**page), times=1)  # a proxy's
    chosen = sending.choose(desk, sending.jpg())
    sending.expect_state(chosen, "refused")
    expect(chosen.get_by_role("alert")).to_contain_text("This file did not arrive.")
    chosen.get_by_role("button", name=re.compile("Remove")).click()
    sending.choose(desk, sending.jpg(), *(each for each, *_ in bad))
    expect(chosen).to_have_count(6)
    sending.expect_state(chosen.nth(0), "ready")
    for number, (_file, why, cross) in enumerate(bad, 1):
        line = chosen.nth(number)
        sending.expect_state(line, "refused")
        expect(line.get_by_role("alert")).to_contain_text(why)
        if cross:
            expect(line.locator(f"[data-line={cross}]")).to_have_class("unmet")
            expect(line.locator(f"[data-line={cross}] .figure")).to_be_visible()
    expect(send).to_be_disabled()
    expect(sending.dialog(desk).locator("[data-hint]")).to_have_text(
        "Remove or replace what cannot be sent."
    )
    for _each in bad[1:]:
        chosen.nth(2).get_by_role("button", name=re.compile("Remove")).click()
    expect(chosen).to_have_count(2)
    with desk.page.expect_file_chooser() as chooser:
        chosen.nth(1).get_by_role("button", name="Replace").click()
    chooser.value.set_files([sending.file("b.png", sending.png_body())])
    expect(chosen).to_have_count(2)
    sending.expect_state(chosen.nth(1), "ready")
    expect(send).to_be_enabled()
    desk.page.keyboard.press("Escape")  # two files would be lost
    expect(desk.page.get_by_role("alertdialog")).to_contain_text("Discard these files?")
    expect(sending.dialog(desk).get_by_role("button", name="Keep them")).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(sending.dialog(desk)).to_be_visible()
    desk.page.keyboard.press("Escape")
    sending.dialog(desk).get_by_role("button", name="Discard", exact=True).click()
    expect(sending.dialog(desk)).to_be_hidden()
    unsent = Attachment.objects.filter(agent=desk.agent)
    wait_until(lambda: not unsent.exists(), 10)
    assert conversation_of(web).messages.count() == 1


def test_paste_drop_and_eleven_at_once_go_the_same_way(desk: Desk, chat: Chat) -> None:
    page = desk.page
    picture = sending.jpg("<img src=x onerror=alert(1)> 😀.jpg")
    sending.drop(page, "#thread .log", picture, sending.paper("dropped.pdf"))
    expect(page.get_by_role("dialog", name="Send files")).to_be_visible()
    expect(sending.dialog(desk).locator(".box h3")).to_have_text(["Image", "Document"])
    for line, kind in zip(sending.lines(desk).all(), ("image", "document"), strict=True):
        sending.expect_state(line, "ready")
        expect(line).to_have_attribute("data-kind", kind)
    sending.drop(page, "#files .drop", *(sending.paper(f"{n}.pdf") for n in range(9)))
    expect(sending.lines(desk)).to_have_count(10)
    expect(sending.dialog(desk).locator("[data-alert]")).to_have_text(
        "A message has at most 10 files."
    )
    for line in sending.lines(desk).all():
        sending.expect_state(line, "ready")
    sending.dialog(desk).get_by_role("button", name="Send").click()
    expect(chat.page.locator(".msg .file")).to_have_count(10)
    for place in (chat.page.locator(".msg .file img"), page.locator(".msg .file img")):
        expect(place).to_have_attribute("alt", "<img src=x onerror=alert(1)> 😀.jpg")
    sending.paste(page, "#thread textarea", sending.jpg("image.png"))
    sending.expect_state(sending.lines(desk), "ready")
    expect(sending.lines(desk)).to_contain_text("image.jpg")  # by what it is
    page.get_by_label("Caption").press("Enter")
    expect(chat.page.locator(".msg .file")).to_have_count(11)
    page.get_by_role("button", name="Note", exact=True).click()
    sending.paste(page, "note-composer textarea", sending.jpg())  # notes have no files
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert desk.complaints == []
