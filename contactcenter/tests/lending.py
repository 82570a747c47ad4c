"""Browsers that are lent to a story, put in order and lent again.

A console opened in a page that was used before costs a third of what it costs in a new one: 0.35 s
of CPU instead of 1.0 s (measured). So a browser goes back with nothing left in it of the story
before; one that was changed in a way that cannot be undone is closed instead.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page

# What cannot be taken back from a browser or a page, and from a browser's clock.
LASTING = (
    *("add_init_script", "expose_binding", "expose_function", "grant_permissions", "on", "once"),
    *("new_cdp_session", "route_from_har", "route_web_socket", "set_extra_http_headers"),
    *("install", "pause_at", "set_fixed_time", "set_system_time"),
)
LISTENED = ("console", "pageerror")  # every story listens to these, each to its own end
MOST_AT_REST = 6  # each keeps the memory of its pages
REST = "/livez"  # an empty page of the product's: another site would get another process
FORGET = "() => { sessionStorage.clear(); window.name = ''; }"
# How a page looks can be changed while it is open; everything else belongs to its browser.
# These are Playwright's own.
LOOKS: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}, "color_scheme": "light"}

kept_pages: "WeakKeyDictionary[BrowserContext, Page]" = WeakKeyDictionary()


def page_of(context: BrowserContext) -> Page:
    """The page that came with a lent browser, for the first who asks; then new ones."""
    return kept_pages.pop(context, None) or context.new_page()


def without_looks(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in LOOKS}


def looks_of(options: dict[str, Any]) -> dict[str, Any]:
    return LOOKS | {name: options[name] for name in LOOKS if name in options}


class Lent:
    """A browser with the page that stays in it."""

    def __init__(self, browser: Browser, options: dict[str, Any]) -> None:
        self.options = without_looks(options)
        self.looks = self.made_with = looks_of(options)
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.new_page, self.context.new_page = self.context.new_page, self._new_page
        self.storage = self.context.new_cdp_session(self.page)
        self.origins: set[str] = set()
        self.is_changed = False
        self.page.on("framenavigated", self._remember)
        for thing in (self.context, self.page, self.context.clock):
            for name in filter(partial(hasattr, thing), LASTING):
                setattr(thing, name, partial(self._change, getattr(thing, name)))

    def dress(self, options: dict[str, Any]) -> None:
        """For a story that wants other looks than it was made with."""
        self.looks = looks_of(options)
        self._dress(self.page)

    def _dress(self, page: Page) -> None:
        page.set_viewport_size(self.looks["viewport"])
        page.emulate_media(color_scheme=self.looks["color_scheme"])

    def _new_page(self) -> Page:
        page = self.new_page()
        if self.looks != self.made_with:
            self._dress(page)
        return page

    def _remember(self, frame: Frame) -> None:
        address = urlsplit(frame.url)
        if address.netloc:
            self.origins.add(f"{address.scheme}://{address.netloc}")

    def _change(self, do: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        self.is_changed |= not arguments or arguments[0] not in LISTENED
        return do(*arguments, **options)

    def put_in_order(self) -> None:
        """As it was when it was new. Raises playwright's Error if it cannot be."""
        self.context.set_offline(False)
        self.context.unroute_all(behavior="ignoreErrors")
        self.page.unroute_all(behavior="ignoreErrors")
        for page in self.context.pages:
            if page != self.page:
                page.close()
        self.page.mouse.move(-1, -1)  # nothing of the next page is under it
        for origin in self.origins:
            self.page.goto(f"{origin}{REST}")
            self.page.evaluate(FORGET)
        for origin in self.origins:
            self.storage.send(
                "Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"}
            )
        self.origins.clear()
        self.context.clear_cookies()


class Lender:
    """Lends the browsers of one Chromium."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.at_rest: list[Lent] = []

    def lend(self, **options: Any) -> Lent:
        """One with just these options, put in order or new."""
        found = [lent for lent in self.at_rest if lent.options == without_looks(options)]
        if found:
            self.at_rest.remove(found[-1])
            found[-1].dress(options)
        lent = found[-1] if found else Lent(self.browser, options)
        kept_pages[lent.context] = lent.page
        return lent

    def take_back(self, lent: Lent) -> None:
        kept_pages.pop(lent.context, None)
        try:
            if lent.is_changed or lent.page.is_closed():
                return lent.context.close()
            lent.put_in_order()
        except Error:  # a page that crashed, or left while it was spoken to
            return lent.context.close()
        self.at_rest.append(lent)
        if len(self.at_rest) > MOST_AT_REST:
            self.at_rest.pop(0).context.close()
