"""A browser that is lent again knows nothing of the story before."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route, ViewportSize

from contactcenter.tests.browsers import DESKTOP, PHONE
from contactcenter.tests.lending import Lender, page_of
from contactcenter.tests.stack import Stack

pytestmark = pytest.mark.journey

WHAT_IS_KNOWN = """async () => ({
  local: {...localStorage}, session: {...sessionStorage}, name: window.name,
  databases: (await indexedDB.databases()).length, width: innerWidth, cookies: document.cookie,
})"""
LEAVE = """async () => {
  localStorage.a = sessionStorage.b = window.name = "Ana's";
  document.cookie = "d=e";
  await new Promise((done) => (indexedDB.open("f").onsuccess = done));
}"""


def known(context: BrowserContext, url: str) -> dict[str, Any]:
    page = page_of(context)
    page.goto(f"{url}/readyz")
    return dict(page.evaluate(WHAT_IS_KNOWN))


def test_nothing_is_left_of_the_story_before(stack: Stack, lender: Lender) -> None:
    lent = lender.lend(viewport=DESKTOP)
    as_new = known(lent.context, stack.url)

    def refuse(route: Route) -> None:
        route.abort()

    for url in (stack.other_url, stack.url):
        lent.page.goto(f"{url}/readyz")
        lent.page.evaluate(LEAVE)
    lent.page.set_viewport_size(ViewportSize(width=390, height=844))
    lent.page.route("**/readyz", refuse)
    lent.context.route("**/readyz", refuse)
    lent.context.set_offline(True)
    lent.context.new_page()
    lender.take_back(lent)
    again = lender.lend(viewport=DESKTOP)
    assert again is lent
    assert known(again.context, stack.url) == as_new
    assert len(again.context.pages) == 1
    again.page.goto(f"{stack.other_url}/readyz")
    assert again.page.evaluate(WHAT_IS_KNOWN) == as_new
    lender.take_back(again)


def test_what_cannot_be_undone_is_not_lent_again(stack: Stack, lender: Lender) -> None:
    for change in (
        lambda lent: lent.context.add_init_script("window.a = 1"),
        lambda lent: lent.page.add_init_script("window.a = 1"),
        lambda lent: lent.context.grant_permissions(["notifications"]),
        lambda lent: lent.context.clock.install(),
        lambda lent: lent.page.on("dialog", lambda dialog: dialog.dismiss()),
        lambda lent: lent.page.close(),
    ):
        lent = lender.lend(viewport=PHONE)
        change(lent)
        lender.take_back(lent)
        assert lender.lend(viewport=PHONE) is not lent


def test_two_at_once_have_two(stack: Stack, lender: Lender) -> None:
    assert lender.lend(viewport=PHONE) is not lender.lend(viewport=PHONE)


def test_of_another_size_and_colour_it_is_the_same_browser(stack: Stack, lender: Lender) -> None:
    lent = lender.lend(viewport=DESKTOP)
    lender.take_back(lent)
    for looks in ({"viewport": PHONE, "color_scheme": "dark"}, {"viewport": DESKTOP}):
        again = lender.lend(**looks)
        assert again is lent
        for page in (again.page, again.context.new_page()):
            page.goto(f"{stack.url}/readyz")
            is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
            assert (page.evaluate("innerWidth"), is_dark) == (
                looks["viewport"]["width"],
                "color_scheme" in looks,
            )
        lender.take_back(again)
