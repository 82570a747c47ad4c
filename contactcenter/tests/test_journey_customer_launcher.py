"""The button on a shop's page: what is new, by keyboard, on the phone, in the shop's colours."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

from agents.models import Project
from contactcenter.testing import make_project
from contactcenter.tests.browsers import PHONE, Watched
from contactcenter.tests.chatting import answer, conversation_of, ready_agent
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

PAGE = (
    '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">'
    '<title>Shop</title><link rel="icon" href="data:,"><main><h1>Shop</h1><a href="#">Lamp</a>'
    '</main><script src="{loader}" data-accent="{accent}" async></script>'
)
# The WCAG contrast of an element's text on the nearest ground that has a colour.
CONTRAST = """(element) => {
  const rgb = (value) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    canvas.fillStyle = value;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (value) => {
    const parts = rgb(value).slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  let ground = element;
  while (rgb(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const both = [getComputedStyle(ground).backgroundColor, getComputedStyle(element).color];
  const [dark, bright] = both.map(light).sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}"""


class ShopPages(BaseHTTPRequestHandler):
    """A shop's own page, on an origin of its own, with nothing but the one script tag."""

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        page = PAGE.format(loader=query["loader"][0], accent=query["accent"][0]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *args: object) -> None:
        """Nobody reads it."""


class Site(Watched):
    """A customer in that shop."""

    def __init__(self, context: BrowserContext, url: str, inbox: Inbox, accent: str = "") -> None:
        super().__init__(context.new_page())
        loader = f"{url}/webchat/{inbox.key}/loader.js"
        self.page.goto(f"{inbox.origins[0]}/?{urlencode({'loader': loader, 'accent': accent})}")
        self.button: Locator = self.page.get_by_role("button", name="chat")
        self.chat: FrameLocator = self.page.frame_locator("iframe")
        self.box = self.chat.get_by_label("Write a message")

    def write(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")


@pytest.fixture(scope="module")
def site_url() -> Iterator[str]:
    with ThreadingHTTPServer(("localhost", 0), ShopPages) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.fixture
def shop(committed: None, site_url: str) -> Project:
    project = make_project()
    project.inboxes.update(origins=[site_url])
    return project


def focused(page: Page) -> str:
    """The tag of what has the focus, inside the launcher's shadow tree."""
    return str(
        page.evaluate(
            "document.querySelector('contact-center-chat')?.shadowRoot.activeElement?.tagName ?? ''"
        )
    )


def test_lucia_opens_and_closes_the_chat_by_keyboard(
    stack: Stack, someone: NewContext, shop: Project
) -> None:
    site = Site(someone(reduced_motion="reduce"), stack.url, shop.inboxes.get())
    expect(site.button).to_have_attribute("aria-expanded", "false")
    site.page.keyboard.press("Tab")
    site.page.keyboard.press("Tab")
    expect(site.button).to_be_focused()
    site.page.keyboard.press("Enter")
    expect(site.box).to_be_focused()
    frame = site.page.locator("contact-center-chat iframe")
    expect(frame).to_have_attribute("allow", "microphone")  # for voice notes
    assert site.axe() == []  # open; closed and with a number: in the story below
    site.page.keyboard.type("Where is my lamp?")
    site.page.keyboard.press("Enter")
    expect(site.chat.locator("queue-card .qcard")).to_be_visible()
    site.page.keyboard.press("Escape")
    expect(site.chat.locator("main")).to_be_hidden()
    expect(site.button).to_be_focused()
    site.page.keyboard.press("Space")
    expect(site.box).to_be_focused()
    assert focused(site.page) == "IFRAME"
    site.chat.get_by_role("button", name="Leave the queue").focus()
    site.page.keyboard.press("Enter")
    expect(site.chat.get_by_role("dialog")).to_be_visible()
    site.page.keyboard.press("Escape")  # closes the question, not the chat
    expect(site.chat.get_by_role("dialog")).to_be_hidden()
    expect(site.box).to_be_focused()
    moving = site.chat.locator("body").evaluate(
        "() => document.getAnimations().filter((a) => a.effect.getTiming().duration > 0).length"
    )
    assert moving == 0
    assert site.complaints == []


def test_what_is_unread_stands_on_the_button_and_is_said(
    stack: Stack, someone: NewContext, shop: Project
) -> None:
    ready_agent(shop)
    site = Site(someone(), stack.url, shop.inboxes.get())
    site.button.click()
    site.write("Where is my lamp?")
    conversation = conversation_of(shop.inboxes.get())
    answer(conversation, "I ask")
    expect(site.chat.locator(".msg", has_text="I ask")).to_be_visible()
    site.chat.get_by_role("button", name="Minimise chat").click()
    status = site.page.get_by_role("status")
    answer(conversation, "It comes today")
    expect(site.button).to_have_accessible_name("Open chat, 1 new message")
    expect(status).to_have_text("1 new message")
    last = answer(conversation, "At noon")
    expect(site.button).to_have_accessible_name("Open chat, 2 new messages")
    expect(site.button.locator("span")).to_have_text("2")
    expect(status).to_have_text("2 new messages")
    conversation.refresh_from_db()
    assert conversation.contact_read_seq < last.seq  # nobody has looked yet
    site.page.reload()  # the number is still there on the next page
    expect(site.button).to_have_accessible_name("Open chat, 2 new messages")
    assert site.axe() == []
    site.button.click()
    expect(site.chat.locator(".msg", has_text="At noon")).to_be_in_viewport()
    site.page.keyboard.press("Escape")
    expect(site.button).to_have_accessible_name("Open chat")
    expect(site.button.locator("span")).to_be_hidden()
    assert site.axe() == []
    conversation.refresh_from_db()
    assert conversation.contact_read_seq >= last.seq
    assert site.complaints == []


def test_on_the_phone_the_chat_fills_the_screen_and_has_a_way_back(
    stack: Stack, someone: NewContext, shop: Project
) -> None:
    context = someone(viewport=PHONE, has_touch=True, is_mobile=True)
    site = Site(context, stack.url, shop.inboxes.get())
    site.button.tap()
    expect(site.box).to_be_enabled()
    assert site.page.locator("iframe").bounding_box() == {"x": 0, "y": 0, **PHONE}
    for target in site.chat.locator("button:visible, textarea:visible").all():
        box = target.bounding_box()
        assert box and min(box["width"], box["height"]) >= 44, target
    assert site.chat.locator("textarea").evaluate("e => getComputedStyle(e).fontSize") == "16px"
    site.chat.get_by_role("button", name="Minimise chat").tap()
    expect(site.page.locator("iframe")).to_be_hidden()
    expect(site.page.get_by_role("heading", name="Shop")).to_be_visible()
    assert site.overflow() == 0
    assert site.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_any_colour_of_a_shop_can_be_read(
    stack: Stack, someone: NewContext, shop: Project, scheme: str
) -> None:
    """The channel's yellow; a site's white, grey, red: header, bubbles, ticks, links, button."""
    ready_agent(shop)
    inbox = shop.inboxes.get()
    Inbox.objects.filter(pk=inbox.pk).update(accent="#ffe600")
    context = someone(color_scheme=scheme)
    for accent in ("", "#ffffff", "#777777", "#e4002b"):
        site = Site(context, stack.url, inbox, accent=accent)
        site.button.click()
        if not accent:
            site.write("Where is https://shop.example/lamp")
            answer(conversation_of(inbox), "I ask https://shop.example/")
        expect(site.chat.locator(".bub a")).to_have_count(2)
        places = site.chat.locator(
            "header h1, header .line, header .av, .bub, .bub a, .banner.info, .snd, .when.read"
        )
        for place in places.all():
            assert place.evaluate(CONTRAST) >= 4.5, (accent, place)
        site.page.keyboard.press("Escape")
        assert site.button.evaluate(CONTRAST) >= 4.5, accent
    assert site.complaints == []
