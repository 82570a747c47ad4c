"""Agents at work who give conversations away."""

import pytest
from playwright.sync_api import Locator, expect

from agents.models import Agent
from contactcenter.tests.browsers import DESKTOP, PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from contactcenter.tests.test_journey_sound import SPY
from conversations.models import Conversation

SOON = 5_000  # ms for what another screen shows of it
SIZES = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1440", "390"])


def listening(stack: Stack, someone: NewContext, agent: Agent, **options: object) -> Desk:
    """At work, where the story counts the sounds; such a browser is not lent again."""
    context = someone(**options)
    context.add_init_script(SPY)
    return at_work(stack, lambda: context, agent)


def at_work(stack: Stack, someone: NewContext, agent: Agent, **options: object) -> Desk:
    context = someone(**options)
    desk = Desk(context, stack.other_url, agent).sign_in()
    desk.accept()
    return desk


def dialog_of(desk: Desk) -> Locator:
    return desk.page.get_by_role("dialog")


def taker(desk: Desk, agent: Agent) -> Locator:
    return desk.page.locator(f"#taker-{agent.pk}")


def start_transfer(desk: Desk, conversation: Conversation) -> Locator:
    desk.open(conversation)
    desk.page.get_by_test_id("transfer").click()
    expect(dialog_of(desk)).to_be_visible()
    return dialog_of(desk)


def give(desk: Desk, conversation: Conversation, agent: Agent, note: str = "") -> None:
    dialog = start_transfer(desk, conversation)
    taker(desk, agent).click()
    dialog.locator("textarea").fill(note)
    dialog.get_by_role("button", name=f"Transfer to {agent.short_name}").click()
    expect(dialog).to_be_hidden()
