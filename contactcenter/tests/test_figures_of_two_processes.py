"""The figures that a web process remembers (`metrics.lately`) while others change the queue."""

import re
import time
from functools import partial

import httpx
import pytest
from django.conf import settings

from agents.models import Agent
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import make_agent, make_project, write
from contactcenter.tests.stack import Stack
from conversations import metrics
from conversations.models import Inbox
from conversations.simulation import cast

pytestmark = pytest.mark.usefixtures("committed")

PEOPLE = 3  # come one after the other


@pytest.fixture
def own() -> Inbox:
    """Nobody's console is open: no heartbeat asks for these figures, pages alone do."""
    return make_project().inboxes.get()


@pytest.fixture
def ana(own: Inbox) -> Agent:
    return make_agent(own.project, "Ana")


def signed_in(agent: Agent) -> dict[str, str]:
    return {settings.SESSION_COOKIE_NAME: cast.session_for(agent.user)}


class Page:
    """A console's refresh, asked of one web process again and again."""

    def __init__(self, url: str, agent: Agent) -> None:
        self.client = httpx.Client(base_url=url, cookies=signed_in(agent), timeout=30)
        self.path = f"/p/{agent.project.slug}/refresh/"

    def queued(self) -> int:
        answer = self.client.get(self.path)
        (shown,) = re.findall(r'data-figure="queued">(\d+)<', answer.raise_for_status().text)
        return int(shown)


def test_no_page_shows_figures_of_more_than_a_second_ago(
    stack: Stack, own: Inbox, ana: Agent
) -> None:
    """Whichever process is asked, and whoever changed the queue: this one here did."""
    pages = [Page(url, ana) for url in (stack.url, stack.other_url)]
    for people in range(1, PEOPLE + 1):
        for page in pages:
            page.queued()  # remembered from now on
        write(own)
        known_since = time.monotonic()
        for page in pages:
            asked: list[float] = []
            wait_until(partial(shows, page, people, asked), 30)
            assert all(moment - known_since < metrics.FRESH for moment in asked[:-1])


def shows(page: Page, people: int, asked: list[float]) -> bool:
    asked.append(time.monotonic())
    return page.queued() == people


def test_what_one_process_remembers_is_no_other_projects(
    stack: Stack, own: Inbox, ana: Agent
) -> None:
    write(own)
    elsewhere = make_agent(make_project(), "Mallory")
    page, other = Page(stack.url, ana), Page(stack.url, elsewhere)
    assert (page.queued(), other.queued(), page.queued()) == (1, 0, 1)
