"""Files in a browser: real ones, and the ways they are chosen, sent and looked at."""

import base64
import hashlib
import io
import re
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.tests.browsers import Chat, Desk
from contactcenter.tests.chatting import conversation_of
from conversations.models import Inbox
from media.tests.corpus import films, sounds
from media.tests.corpus.drawing import photo, picture, told
from media.tests.making import pdf

# Checked by one worker on a busy machine.
CHECKED = 40_000  # ms
LETTERS = {"Image": "i", "Video": "v", "Document": "d", "Audio": "u"}
NAMES = {"Image": "Send an image", "Video": "Send a video"} | {
    "Document": "Send a document",
    "Audio": "Send an audio",
}


def file(name: str, body: bytes, type: str = "") -> FilePayload:
    kinds = {"jpg": "image/jpeg", "png": "image/png", "mp4": "video/mp4", "mp3": "audio/mpeg"}
    ending = name.rpartition(".")[2]
    known = kinds | {"pdf": "application/pdf", "exe": "application/x-msdownload"}
    return {"name": name, "mimeType": type or known.get(ending, "text/plain"), "buffer": body}


def jpg(name: str = "lamp.jpg") -> FilePayload:
    """As a phone takes it, with where it was taken."""
    return file(name, picture("JPEG", photo(), exif=told(), quality=92))


def film(name: str = "film.mp4") -> FilePayload:
    return file(name, films.mp4())


def sound(name: str = "sound.mp3") -> FilePayload:
    return file(name, sounds.mp3())


def paper(name: str = "é ñ.pdf") -> FilePayload:
    return file(name, pdf())


def of_each_kind() -> dict[str, FilePayload]:
    return {"Image": jpg(), "Video": film(), "Document": paper(), "Audio": sound()}


def served(desk: Desk, chat: Chat, web: Inbox) -> None:
    """Lucía says hello, and Ana has the conversation open."""
    chat.write("Hello")
    # A story may pass its frames on itself: nothing moves while it waits for the database.
    expect(desk.rows()).to_have_count(1)
    conversation = conversation_of(web)
    expect(desk.row(conversation)).to_be_visible()
    desk.open(conversation)


def dialog(desk: Desk) -> Locator:
    return desk.page.locator("#files")


def open_dialog(desk: Desk, kind: str) -> Locator:
    desk.page.get_by_test_id("attach").click()
    desk.page.get_by_role("menuitem", name=kind, exact=True).click()
    expect(desk.page.get_by_role("dialog", name=NAMES[kind])).to_be_visible()
    return dialog(desk)


def choose(desk: Desk, *files: FilePayload) -> Locator:
    """By the button; the lines there are then."""
    with desk.page.expect_file_chooser() as chooser:
        dialog(desk).locator('[data-choose="file"]').click()
    chooser.value.set_files(list(files))
    return lines(desk)


def lines(desk: Desk) -> Locator:
    return dialog(desk).locator(".upload")


def expect_state(line: Locator, state: str) -> None:
    expect(line).to_have_attribute("data-state", state, timeout=CHECKED)


def send(desk: Desk, kind: str, *files: FilePayload, caption: str = "") -> None:
    open_dialog(desk, kind)
    chosen = choose(desk, *files)
    expect(chosen).to_have_count(len(files))
    for line in chosen.all():
        expect_state(line, "ready")
    dialog(desk).get_by_label("Caption").fill(caption)
    dialog(desk).get_by_role("button", name="Send").click()
    expect(dialog(desk)).to_be_hidden()


def put(chat: Chat, *files: FilePayload) -> Locator:
    """A customer's, into the tray."""
    expect(chat.page.get_by_role("button", name=re.compile("Attach|Adjuntar"))).to_be_visible()
    chat.page.locator("chat-composer input[type=file]").set_input_files(list(files))
    return chat.page.locator(".chip")


def shown(page: Page, kind: str) -> Locator:
    """The newest file of that kind in the thread, once it may be seen."""
    figure = page.locator(f'.msg .file[data-kind="{kind.lower()}"][data-state="ready"]').last
    expect(figure).to_be_visible(timeout=CHECKED)
    return figure


def loaded(figure: Locator, what: str = "naturalWidth") -> Any:
    """What a picture or a player knows of what it shows, once it is more than nothing."""
    inner = figure.locator("img, video, audio").first
    look = "(one, what) => (one.scrollIntoView({ block: 'center' }), one[what] || 0)"
    # Asked anew each time: its bubble may be drawn anew.
    wait_until(lambda: inner.evaluate(look, what) > 0, 30)
    return inner.evaluate(look, what)


def bytes_of(page: Page, address: str) -> bytes:
    answer = page.request.get(address)
    assert answer.ok, answer.status
    return answer.body()


def whole(page: Page, figure: Locator) -> bytes:
    """What is delivered: of a link what it leads to, of a player what it plays."""
    address = figure.evaluate(
        "f => f.querySelector('a')?.href ?? f.querySelector('video, audio').src"
    )
    return bytes_of(page, address)


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def looks_like(one: bytes, other: bytes) -> bool:
    """Equal pixels, but for what encoding a JPEG anew changes."""
    first, second = (Image.open(io.BytesIO(body)).convert("RGB") for body in (one, other))
    if first.size != second.size:
        return False
    pairs = zip(first.tobytes(), second.tobytes(), strict=True)
    return sum(abs(a - b) for a, b in pairs) / len(first.tobytes()) < 3


def png_body() -> bytes:
    return picture("PNG", photo())


MAKE_FILES = """(place, files) => {
  const data = new DataTransfer();
  for (const [name, type, letters] of files) {
    const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, { type }));
  }
  return data;
}"""


def drop(page: Page, place: str, *files: FilePayload) -> None:
    """As from the desktop: over it first, then let go."""
    _hand(page, place, files, ["dragenter", "dragover", "drop"])


def paste(page: Page, place: str, *files: FilePayload) -> None:
    _hand(page, place, files, ["paste"])


def _hand(page: Page, place: str, files: tuple[FilePayload, ...], events: list[str]) -> None:
    packed = [
        [each["name"], each["mimeType"], base64.b64encode(each["buffer"]).decode()]
        for each in files
    ]
    for event in events:
        page.locator(place).evaluate(
            f"""(place, [event, files]) => {{
              const data = ({MAKE_FILES})(place, files);
              const usual = {{ bubbles: true, cancelable: true }};
              const made = event === "paste"
                ? new ClipboardEvent(event, {{ ...usual, clipboardData: data }})
                : new DragEvent(event, {{ ...usual, dataTransfer: data }});
              place.dispatchEvent(made);
            }}""",
            [event, packed],
        )
