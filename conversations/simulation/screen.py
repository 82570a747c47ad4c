"""What a console shows, by the console's own protocol (static/js/console/revisions.js): pushes in
the order of their numbers, a gap or a beat that knows more is repaired by asking for everything.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

LATE = 0.3  # seconds for a push that another process published a little later
FIRST, LONGEST = 0.5, 4.0  # seconds between two attempts to refresh, doubled each time
UUID = "[0-9a-f-]{36}"
ROW = re.compile(rf'<\w+ id="conversation-({UUID})".*?</li>', re.DOTALL)
MESSAGE = re.compile(
    rf'<(article|p) class="(?:msg|sys)[^>]*? id="message-({UUID})"[^>]*?'
    rf' data-conversation="({UUID})" data-seq="(\d+)".*?</\1>',
    re.DOTALL,
)
GONE = re.compile(rf'data-remove="conversation-({UUID})"')
SLOTS = re.compile(r'data-testid="slots">(\d+ / \d+)<')
AVAILABILITY = re.compile(r'id="availability"[^>]* data-s="(\w+)"')


class Away(Exception):
    """Nobody answered."""


# Asks the server for the screen with one conversation open ("" for none) and what comes after its
# seq; the answer is the revision and the fragments, None when it may not be seen any more.
Ask = Callable[[str, int], Awaitable[tuple[int, str] | None]]


@dataclass
class Screen:
    """Rows by conversation, threads as messages by id; `told` hears every piece of html shown."""

    ask: Ask
    told: Callable[[str], None]
    revision: int = 0
    newest: int = 0
    rows: dict[str, str] = field(default_factory=dict)
    threads: dict[str, dict[str, tuple[int, str]]] = field(default_factory=dict)
    slots: str = ""
    availability: str = ""
    refreshes: int = 0
    held: dict[int, str] = field(default_factory=dict)
    since: list[tuple[int, str]] | None = None
    late: asyncio.TimerHandle | None = None
    refreshing: "asyncio.Task[None] | None" = None
    again: bool = False

    def hear(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "push":
            if self.since is not None:
                self.since.append((frame["revision"], frame["html"]))
            self._push(frame["revision"], frame["html"])
        elif frame["type"] == "beat":
            self._beat(frame["revision"])

    def _push(self, revision: int, html: str) -> None:
        if revision > self.revision:
            self.held[revision] = html
            self._beat(revision)

    def _beat(self, revision: int) -> None:
        self.newest = max(self.newest, revision)
        while self.revision + 1 in self.held:
            self.revision += 1
            self._show(self.held.pop(self.revision))
        if self.newest > self.revision and self.late is None:
            self.late = asyncio.get_running_loop().call_later(LATE, self._ask_late)

    def _ask_late(self) -> None:
        self.late = None
        if self.newest > self.revision:
            self.refresh()

    def _show(self, html: str) -> None:
        """An empty push means: too much happened at once, ask for it."""
        if html:
            self.apply(html)
        else:
            self.refresh()

    def refresh(self) -> "asyncio.Task[None]":
        """One at a time; asked for meanwhile, it is done once more."""
        self.again = self.refreshing is not None
        if self.refreshing is None:
            self.refreshing = asyncio.create_task(self._refresh())
        return self.refreshing

    async def _refresh(self) -> None:
        pause, self.again = FIRST, True
        try:
            while self.again:
                self.again = False
                try:
                    await self._take("", 0)
                    for conversation in list(self.threads):
                        if conversation in self.threads:  # not gone meanwhile
                            await self._take(conversation, self.last_without_gap(conversation))
                    pause = FIRST
                except Away:
                    await asyncio.sleep(pause)
                    pause, self.again = min(LONGEST, 2 * pause), True
        finally:
            self.refreshing = self.since = None

    async def _take(self, conversation: str, after: int) -> None:
        self.since = []
        answer = await self.ask(conversation, after)
        if answer is None:
            self.threads.pop(conversation, None)
            return
        since, self.since = self.since, None
        self.revision, html = answer
        self.refreshes += 1
        self.held = {key: text for key, text in self.held.items() if key > self.revision}
        self.rows.clear()
        self.apply(html)
        for gone in self.threads.keys() - self.rows.keys():
            del self.threads[gone]
        for pushed in since or ():
            self._push(*pushed)
        self._beat(self.revision)

    def opened(self, conversation: str, html: str) -> None:
        """Its thread came, as it was when it was asked for; what was pushed meanwhile is there."""
        self.threads.setdefault(conversation, {})
        self.apply(html)

    def apply(self, html: str) -> None:
        for found in MESSAGE.finditer(html):
            _, message, conversation, seq = found.groups()
            if conversation in self.threads:
                self.threads[conversation][message] = (int(seq), found.group())
        for found in ROW.finditer(html):
            self.rows[found.group(1)] = found.group()
        for conversation in GONE.findall(html):
            self.rows.pop(conversation, None)
            self.threads.pop(conversation, None)
        self.slots = next(iter(SLOTS.findall(html)), self.slots)
        self.availability = next(iter(AVAILABILITY.findall(html)), self.availability)
        self.told(html)

    def last_without_gap(self, conversation: str) -> int:
        seqs = {seq for seq, _ in self.threads[conversation].values()}
        last = min(seqs, default=1) - 1
        while last + 1 in seqs:
            last += 1
        return last
