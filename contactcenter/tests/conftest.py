"""What the journeys share: one Chromium, and people who come and go."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from contactcenter.embedded.needed import BROWSER, without_window
from contactcenter.testing import make_agent
from contactcenter.tests.browsers import DESKTOP, Desk, chromium
from contactcenter.tests.left_out import here
from contactcenter.tests.lending import Lender, Lent
from contactcenter.tests.stack import Stack
from conversations.models import Inbox

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Without a window where there is such a Chromium: a fifth less work in each story."""
    with chromium(without_window(here(BROWSER)), playwright) as started:
        yield started


@pytest.fixture(scope="session")
def whole_browser(playwright: Playwright) -> Iterator[Browser]:
    """With all that a person's has: notifications, a microphone, and what is asked before them."""
    with chromium(here(BROWSER), playwright) as started:
        yield started


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Rows that the running product sees: nothing is rolled back, every story has its project."""
    # Playwright's own loop runs in this thread; the ORM is used between its turns only.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with django_db_blocker.unblock():
        yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def lender(browser: Browser) -> Lender:
    return Lender(browser)


@pytest.fixture(scope="session")
def whole_lender(whole_browser: Browser) -> Lender:
    return Lender(whole_browser)


@pytest.fixture
def someone(request: pytest.FixtureRequest) -> Iterator[NewContext]:
    """A person's browser that remembers nobody: `someone(viewport=…, color_scheme=…)`."""
    is_whole = request.node.get_closest_marker("whole_browser")
    lender: Lender = request.getfixturevalue("whole_lender" if is_whole else "lender")
    lent: list[Lent] = []

    def new(**options: Any) -> BrowserContext:
        # Nothing moves unless a story is about it: drawing what moves is most of the work here.
        usual = {"viewport": DESKTOP, "locale": "en-US", "reduced_motion": "reduce"}
        lent.append(lender.lend(**usual | options))
        return lent[-1].context

    yield new
    for each in lent:
        lender.take_back(each)


@pytest.fixture
def desk(stack: Stack, someone: NewContext, web: Inbox) -> Desk:
    """Ana takes conversations, in the project of the story's own `web`."""
    desk = Desk(someone(), stack.url, make_agent(web.project, "Ana")).sign_in()
    desk.accept()
    return desk
