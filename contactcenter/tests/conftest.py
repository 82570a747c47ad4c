"""What the journeys share: one Chromium, and people who come and go."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from pytest_django.plugin import DjangoDbBlocker

from contactcenter.embedded.needed import BROWSER
from contactcenter.testing import make_agent
from contactcenter.tests.browsers import DESKTOP, Desk, chromium
from contactcenter.tests.left_out import here
from contactcenter.tests.stack import Stack
from conversations.models import Inbox

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium(here(BROWSER)) as started:
        yield started


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Rows that the running product sees: nothing is rolled back, every story has its project."""
    # Playwright's own loop runs in this thread; the ORM is used between its turns only.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with django_db_blocker.unblock():
        yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def someone(browser: Browser) -> Iterator[NewContext]:
    """A new person's browser: `someone(viewport=…, color_scheme=…)`."""
    contexts: list[BrowserContext] = []

    def new(**options: Any) -> BrowserContext:
        # Nothing moves unless a story is about it: drawing what moves is most of the work here.
        usual = {"viewport": DESKTOP, "locale": "en-US", "reduced_motion": "reduce"}
        contexts.append(browser.new_context(**usual | options))
        return contexts[-1]

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def desk(stack: Stack, someone: NewContext, web: Inbox) -> Desk:
    """Ana takes conversations, in the project of the story's own `web`."""
    desk = Desk(someone(), stack.url, make_agent(web.project, "Ana")).sign_in()
    desk.accept()
    return desk
