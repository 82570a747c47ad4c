"""Pages of the cast in a real Chromium: an agent's desk and a customer's chat."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.db.models import Model
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect

from agents.models import Agent
from contactcenter.testing import PASSWORD
from contactcenter.tests.lending import page_of
from conversations.models import Conversation, Inbox
from conversations.simulation import cast

# Each window would otherwise load two pages of the browser's own, for the list under its address
# bar, and keep a process in reserve: as much work as the page a story is about. Chromium takes the
# last list it is given, so what Playwright turns off is named again.
WITHOUT = [
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"),
]
ARGUMENTS = [
    f"--disable-features={','.join(WITHOUT)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--max-lazy",  # most functions of a page are called in no story: 8 % less work
    "--use-fake-device-for-media-stream",  # a microphone that beeps, for whoever may use it
]
PATIENCE = 20_000  # ms; a busy machine is slow, a broken product never gets there
expect.set_options(timeout=PATIENCE / 2)
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# Not with its style sheets fetched anew: what the page forbids would be said at any time.
AXE_RUN = """axe.run(document, { preload: false, resultTypes: ["violations"] })
  .then(({ violations }) => violations)"""
WORDS = {
    "en": {
        "accept": "Accept new conversations",
        "end": "End conversation",
        "send": "Send",
        "status": "Available",
        "ended": "Chat ended",
    },
    "es": {
        "accept": "Aceptar nuevas conversaciones",
        "end": "Finalizar conversación",
        "send": "Enviar",
        "status": "Disponible",
        "ended": "El chat finalizó",
    },
}


@contextmanager
def chromium(path: str, playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield browser
    browser.close()


EXPECTED = re.compile("WebSocket connection|^htmx:(afterRequest|sendAbort),")


class Watched:
    """A page that must not complain: console errors and CSP violations fail the story."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)
        page.set_default_timeout(PATIENCE)

    def _listen(self, message: Any) -> None:
        # A cut line is said by the browser itself, that a newer request took another's place by
        # htmx; everything else is ours.
        if message.type == "error" and not EXPECTED.search(message.text):
            self.complaints.append(message.text)

    def axe(self) -> list[str]:
        """What axe finds wrong, in words, once whatever moves has come to rest."""
        self.page.wait_for_load_state()
        self.page.evaluate(
            "Promise.all(document.getAnimations()"
            ".filter(a => a.effect.getTiming().iterations !== Infinity)"
            ".map(a => a.finished.catch(() => null)))"
        )
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate(AXE_RUN)
        return [
            f"{rule['id']}: {rule['help']}: {[node['html'][:120] for node in rule['nodes']]}"
            for rule in found
        ]

    def fine(self) -> list[str]:
        """What axe finds wrong, and whether the page is wider than the window; what the browser
        says about axe's own styles is none of the page's complaints."""
        before = len(self.complaints)
        found = self.axe() + ([f"{wide} px too wide"] if (wide := self.overflow()) else [])
        self.page.evaluate("1")  # what axe caused has been said by then
        del self.complaints[before:]
        return found

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )


class Desk(Watched):
    """An agent at their console."""

    def __init__(self, context: BrowserContext, url: str, agent: Agent) -> None:
        super().__init__(page_of(context))
        self.url, self.agent = url, agent
        self.words = WORDS[agent.language]

    def sign_in(self, password: str = "") -> "Desk":
        """To the open console: by the form with a password, else with the session it would make
        (checking a password is slow on purpose, and most stories are not about it)."""
        if password:
            self.page.goto(f"{self.url}/login/")
            self.page.fill("#id_username", self.agent.user.username)
            self.page.fill("#id_password", password)
            self.page.press("#id_password", "Enter")
            self.page.wait_for_url("**/p/**")
        else:
            session = {"name": settings.SESSION_COOKIE_NAME, "url": self.url}
            key = cast.session_for(self.agent.user)
            self.page.context.add_cookies([{**session, "value": key}])  # type: ignore[typeddict-item]
            self.page.goto(f"{self.url}/p/{self.agent.project.slug}/")
        self.wait_for_line()
        return self

    def wait_for_line(self) -> None:
        """Until the console's line is open and its first refresh is on the screen."""
        line = "availability-control[data-line=open]"
        self.page.wait_for_selector(line, state="attached")  # on a phone a thread covers it

    def accept(self) -> None:
        self.press("on")

    def stop(self) -> None:
        self.press("off")

    def press(self, state: str) -> None:
        """Until the server has said so: the status shows at once, the button rests meanwhile."""
        toggle = self.page.get_by_test_id("accept-toggle")
        toggle.click()
        expect(self.page.locator("#availability")).to_have_attribute("data-s", state)
        expect(toggle).to_have_attribute("aria-disabled", "false")

    def row(self, conversation: Conversation | str) -> Locator:
        pk = conversation if isinstance(conversation, str) else conversation.pk
        return self.page.locator(f"#conversation-{pk}")

    def resting_row(self, conversation: Conversation) -> Locator:
        """Of an opened conversation, to be measured: opening and reading each put a new row in the
        old one's place."""
        for mark in ("data-new", "data-unread"):
            expect(self.row(conversation)).to_have_attribute(mark, "0")
        return self.row(conversation)

    def rows(self) -> Locator:
        return self.page.locator("#items > li")

    def open(self, conversation: Conversation) -> None:
        self.row(conversation).locator("a").click()
        expect(self.page.locator("#thread")).to_have_attribute(
            "data-conversation", str(conversation.pk)
        )

    def answer(self, text: str) -> None:
        self.page.locator("#thread textarea").fill(text)
        self.page.locator("#thread textarea").press("Enter")

    def bubble(self, text: str) -> Locator:
        return self.page.locator("#thread .msg", has_text=text)

    def end(self, typification: str = "Order status") -> None:
        self.page.get_by_test_id("end").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label(typification, exact=True).check()
        dialog.get_by_role("button", name=self.words["end"]).click()
        expect(dialog).to_be_hidden()


class Chat(Watched):
    """A customer at the chat page (what the iframe shows)."""

    def __init__(
        self, context: BrowserContext, url: str, inbox: Inbox, language: str = "en"
    ) -> None:
        super().__init__(page_of(context))
        self.words = WORDS[language]
        self.page.goto(f"{url}/webchat/{inbox.key}/?lang={language}")
        self.box = self.page.locator("chat-composer textarea")
        expect(self.box).to_be_enabled()

    def write(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def bubble(self, text: str) -> Locator:
        return self.page.locator(".msg", has_text=text)


class Site(Watched):
    """A supervisor in the supervisors' site."""

    def __init__(self, context: BrowserContext, url: str, supervisor: Agent) -> None:
        super().__init__(page_of(context))
        self.url = url
        self.page.goto(f"{url}/admin/")
        self.page.fill("#id_username", supervisor.user.username)
        self.page.fill("#id_password", PASSWORD)
        self.page.press("#id_password", "Enter")
        self.page.wait_for_url("**/admin/")

    def save(self, row: Model, label: str, value: str) -> None:
        """Change one field on the page of that row."""
        self.page.goto(
            f"{self.url}/admin/{row._meta.label_lower.replace('.', '/')}/{row.pk}/change/"
        )
        self.page.get_by_label(label).fill(value)
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.locator(".messagelist .success")).to_be_visible()
