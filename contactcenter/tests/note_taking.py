"""What an agent does with notes in the browser."""

import uuid

from playwright.sync_api import Locator

from agents.models import Agent
from contactcenter.tests.browsers import Desk
from contactcenter.tests.test_journey_lost_pushes import lossy  # noqa: F401  a fixture
from conversations import noting
from conversations.models import Conversation, Note


def box(desk: Desk) -> Locator:
    return desk.page.locator("note-composer textarea")


def add_note(desk: Desk, text: str) -> None:
    """In note mode, by keyboard, from wherever the focus is."""
    desk.page.locator("[data-choose=note]").click()
    desk.page.locator("note-composer textarea").fill(text)
    desk.page.locator("note-composer textarea").press("Enter")


def note(desk: Desk, text: str) -> Locator:
    return desk.page.locator("#thread .note", has_text=text)


def noted(desk: Desk, text: str) -> Locator:
    return desk.page.locator("#contact .noted", has_text=text)


def store(agent: Agent, conversation: Conversation, text: str, on_contact: bool = False) -> Note:
    return noting.write(
        agent=agent,
        conversation=conversation,
        client_id=uuid.uuid4(),
        text=text,
        on_contact=on_contact,
    )


def answers(conversation: Conversation) -> list[str]:
    return list(conversation.messages.filter(author="agent").values_list("text", flat=True))
