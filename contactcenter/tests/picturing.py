"""Takes the pictures of the agents' help from the product itself, in both languages:

    PORT=8010 VAR_DIR=/tmp/pictures bin/run        # with demonstration data, nothing else in it
    python -m contactcenter.tests.picturing http://localhost:8010

They are written to contactcenter/static/img/help/; the page shows those that are there.
"""

import io
import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any, cast

from PIL import Image, ImageDraw
from playwright.sync_api import (
    Browser,
    FilePayload,
    FloatRect,
    Locator,
    Page,
    expect,
    sync_playwright,
)
from websockets.sync.client import connect

from contactcenter.embedded.needed import find_browser

PASSWORD = "demo-contact-center"
FOLDER = Path(__file__).resolve().parents[1] / "static/img/help"
PHONE = {"width": 390, "height": 844}
WINDOW = {"width": 1280, "height": 760}
SCALE = 1.5  # handbook.py knows it too
MOST = 80_000  # bytes of a picture
PLACES = [".rail", ".queue-panel", ".me", ".list", "#thread .talk", "#contact"]
PEOPLE = {
    "en": [
        ("Renata Coelho", "That is all, thank you."),
        ("Mateo Rojas", "Hello, is anyone there?"),
        ("Lucía Fernández", "My lamp came with a cracked shade 😞"),
        ("Joana Prado", "Do you ship to Porto?"),
    ],
    "es": [
        ("Renata Coelho", "Eso es todo, gracias."),
        ("Mateo Rojas", "Hola, ¿hay alguien?"),
        ("Lucía Fernández", "Mi lámpara llegó con la pantalla rota 😞"),
        ("Joana Prado", "¿Envían a Oporto?"),
    ],
}
TALK = {
    "en": ("I am so sorry, Lucía. A new shade leaves today.", "That was fast, thank you."),
    "es": ("Lo siento mucho, Lucía. Hoy sale una pantalla nueva.", "Qué rápido, gracias."),
}
# A number in each place, where it hides least.
NUMBER = """([place, number]) => {
  const box = document.querySelector(place).getBoundingClientRect();
  const mark = document.createElement("b");
  mark.textContent = number;
  mark.dataset.number = "";
  Object.assign(mark.style, {
    position: "fixed", left: `${box.x + box.width / 2 - 16}px`, zIndex: 99,
    top: `${box.y + (box.height > 100 ? box.height * 0.72 : box.height - 6)}px`,
    width: "32px", height: "32px", borderRadius: "50%",
    display: "grid", placeItems: "center", background: "#b92d23", color: "#fff",
    boxShadow: "0 0 0 3px #fff", font: "600 17px sans-serif",
  });
  document.body.append(mark);
}"""


def lamp() -> FilePayload:
    """A lamp, drawn here so that it belongs to nobody."""
    image = Image.new("RGB", (1600, 1100), "#e9e0cf")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 800, 1600, 1100), fill="#7a5233")
    draw.polygon([(640, 300), (960, 300), (1100, 620), (500, 620)], fill="#f4ecdc")
    draw.rectangle((785, 620, 815, 860), fill="#5b6470")
    draw.ellipse((640, 830, 960, 900), fill="#5b6470")
    body = io.BytesIO()
    image.save(body, "JPEG", quality=90)
    return {"name": "new-shade.jpg", "mimeType": "image/jpeg", "buffer": body.getvalue()}


class Customer:
    """Somebody at the demonstration's web chat."""

    def __init__(self, url: str, name: str, language: str) -> None:
        address = f"{url.replace('http', 'ws', 1)}/ws/webchat/demo/"
        self.line = connect(address, origin=cast(Any, url), legacy=True)
        self.say(type="hello", token=None, name=name, language=language, conversation=None, after=0)

    def say(self, **frame: Any) -> None:
        self.line.send(json.dumps(frame))

    def write(self, text: str) -> None:
        self.say(type="message", id=str(uuid.uuid4()), text=text)
        while json.loads(self.line.recv(5)).get("type") != "ack":
            pass


class Camera:
    def __init__(self, page: Page, language: str) -> None:
        self.page, self.folder = page, FOLDER / language
        self.folder.mkdir(parents=True, exist_ok=True)

    def take(self, name: str, *parts: Locator, room: int = 12) -> None:
        """The whole window, or the room around these parts."""
        clip = around(parts, room, self.page) if parts else None
        shot = self.page.screenshot(clip=clip, animations="disabled", caret="hide")
        path = self.folder / f"{name}.webp"
        with Image.open(io.BytesIO(shot)) as image:
            for quality in (86, 76, 66, 50):
                image.save(path, "WEBP", quality=quality, method=6)
                if path.stat().st_size <= MOST:
                    break
        print(path.name, image.size, path.stat().st_size)


def around(parts: tuple[Locator, ...], room: int, page: Page) -> FloatRect:
    boxes = [cast(FloatRect, part.bounding_box()) for part in parts]
    size = cast(Any, page.viewport_size)
    left = max(0, min(box["x"] for box in boxes) - room)
    top = max(0, min(box["y"] for box in boxes) - room)
    right = min(size["width"], max(box["x"] + box["width"] for box in boxes) + room)
    bottom = min(size["height"], max(box["y"] + box["height"] for box in boxes) + room)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def console(browser: Browser, url: str, name: str, language: str, **options: Any) -> Page:
    """Somebody of the demonstration, signed in."""
    page = browser.new_context(
        locale=language, color_scheme="light", reduced_motion="reduce", **options
    ).new_page()
    page.goto(f"{url}/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_selector("availability-control[data-line=open]")
    return page


def row(page: Page, who: str) -> Locator:
    return page.locator("#items > li", has_text=who)


def bubble(page: Page, text: str) -> Locator:
    return page.locator("#thread .msg", has_text=text)


def day(browser: Browser, url: str, name: str, language: str) -> None:
    page = console(browser, url, name, language, viewport=WINDOW, device_scale_factor=SCALE)
    camera = Camera(page, language)
    camera.take("status", page.locator(".me"), room=16)
    page.get_by_test_id("accept-toggle").click()
    people = {}
    for who, text in PEOPLE[language]:
        people[who] = Customer(url, who, language)
        people[who].write(text)
        expect(row(page, who)).to_be_visible()
    talk(page, people["Lucía Fernández"], language)
    for number, place in enumerate(PLACES, 1):
        page.evaluate(NUMBER, [place, str(number)])
    camera.take("screen")
    page.evaluate("document.querySelectorAll('[data-number]').forEach(mark => mark.remove())")
    camera.take("thread", page.locator("#thread .talk"), room=0)
    colleague = console(browser, url, "carla", language)  # in the list of who can take it
    colleague.get_by_test_id("accept-toggle").click()
    expect(colleague.locator("#availability")).to_have_attribute("data-s", "on")
    details(page, camera)
    colleague.get_by_test_id("accept-toggle").click()
    expect(colleague.locator("#availability")).to_have_attribute("data-s", "off")
    colleague.context.close()
    on_the_phone(browser, url, name, language)
    page.context.close()


def talk(page: Page, lucia: Customer, language: str) -> None:
    """Renata's and Lucía's rows are opened, Lucía is answered and answers."""
    answer, reply = TALK[language]
    for who in ("Renata", "Lucía"):
        row(page, who).locator("a").click()
        expect(page.locator("#thread .who h1")).to_contain_text(who)
    page.locator("#thread textarea").fill(answer)
    page.locator("#thread textarea").press("Enter")
    expect(bubble(page, answer)).to_have_attribute("data-seq", re.compile(r"\d+"))
    lucia.say(type="read", seq=int(bubble(page, answer).get_attribute("data-seq") or 0))
    lucia.write(reply)
    expect(bubble(page, reply)).to_be_visible()
    expect(bubble(page, answer)).to_have_class(re.compile(r"\bread\b"))


def details(page: Page, camera: Camera) -> None:
    """Menus and dialogs, one after the other, those that are there."""
    page.get_by_test_id("attach").click()
    camera.take("files", page.locator(".composer"), page.get_by_role("menu"))
    page.locator("[role=menuitem][data-kind=image]").click()
    dialog = page.locator("#files")
    dialog.locator('[data-from="file"]').set_input_files([lamp()])
    expect(dialog.locator(".upload")).to_have_attribute("data-state", "ready", timeout=30_000)
    camera.take("upload", dialog, room=24)
    page.keyboard.press("Escape")
    dialog.locator("[data-discard]").click()
    page.locator(".me > .av").click()
    camera.take("account", page.locator("#me"), page.locator(".me > .av"))
    page.keyboard.press("Escape")
    for picture, button in (("transfer", "transfer"), ("ending", "end")):
        if page.get_by_test_id(button).count():
            page.get_by_test_id(button).click()
            expect(page.get_by_role("dialog").get_by_role("searchbox")).to_be_focused()
            camera.take(picture, page.get_by_role("dialog"), room=24)
            page.keyboard.press("Escape")
    replies = page.locator("#quick-replies")
    page.locator("#thread textarea").press("/")
    if replies.count() and replies.is_visible():
        expect(replies.get_by_role("option").first).to_be_visible()
        camera.take("replies", page.locator(".composer"), replies)
        page.keyboard.press("Escape")
    page.locator("#thread textarea").fill("")
    page.locator("[data-keys]").click()
    camera.take("keys", page.locator("#keys"), room=24)
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    banner = page.locator("line-banner [data-state=offline]")
    expect(banner).to_be_visible()
    camera.take("offline", banner, room=0)
    page.context.set_offline(False)


def on_the_phone(browser: Browser, url: str, name: str, language: str) -> None:
    options: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    page = console(browser, url, name, language, device_scale_factor=SCALE, **options)
    Camera(page, language).take("phone")
    page.context.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, language in (("ana", "en"), ("bruno", "es")):
            day(browser, sys.argv[1].rstrip("/"), name, language)
