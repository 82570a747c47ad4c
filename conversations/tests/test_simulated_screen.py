"""A made-up console repairs itself as the real one does."""

import uuid
from typing import Any

from contactcenter.embedded.waiting import soon
from conversations.simulation.screen import Away, Screen

ONE, TWO = str(uuid.uuid4()), str(uuid.uuid4())


def row(conversation: str, word: str = "") -> str:
    return f'<li id="conversation-{conversation}" data-into="items">{word}</li>'


class Server:
    """Says what stands there now; may be away for so many questions."""

    def __init__(self, revision: int, html: str, *, away: int = 0) -> None:
        self.revision, self.html, self.away = revision, html, away
        self.asked = 0

    async def ask(self, conversation: str, after: int) -> tuple[int, str]:
        self.asked += 1
        if self.asked <= self.away:
            raise Away
        return self.revision, self.html


def screen(server: Server) -> Screen:
    return Screen(server.ask, lambda html: None)


def push(revision: int, html: str) -> dict[str, Any]:
    return {"type": "push", "revision": revision, "html": html}


async def test_pushes_are_shown_in_the_order_of_their_numbers() -> None:
    shown = screen(server := Server(0, ""))
    shown.hear(push(2, row(ONE, "later")))
    assert shown.rows == {}
    shown.hear(push(1, row(ONE, "first")))
    assert shown.rows == {ONE: row(ONE, "later")}
    assert server.asked == 0


async def test_a_gap_is_repaired_by_asking_for_everything() -> None:
    shown = screen(Server(3, row(ONE) + row(TWO)))
    shown.hear(push(3, row(TWO)))
    assert await soon(lambda: shown.revision == 3, 5)
    assert shown.rows.keys() == {ONE, TWO}


async def test_it_asks_until_somebody_answers() -> None:
    shown = screen(server := Server(1, row(ONE), away=1))
    await shown.refresh()
    assert server.asked == 2 and shown.rows.keys() == {ONE}


async def test_what_left_the_list_is_gone() -> None:
    shown = screen(Server(1, row(ONE) + row(TWO)))
    await shown.refresh()
    shown.hear(push(2, f'<template data-remove="conversation-{ONE}"></template>'))
    assert shown.rows.keys() == {TWO}
