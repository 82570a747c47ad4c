"""One heartbeat per web process for all its sockets: leases, beats, figures, positions, pages seen.

Everything here is asked once per process however many sockets it holds: leases are renewed in
one statement, revisions read in one query, a project's figures computed at most once a second.
"""

import asyncio
import json
import logging
import time
import weakref
from collections import defaultdict
from typing import Any

from channels.layers import get_channel_layer

from agents import live, presence
from agents.models import Project, Screen
from agents.sockets import on_thread
from conversations import estimates, leaving, metrics
from conversations.listeners import Console, Visitor
from conversations.models import Conversation

logger = logging.getLogger("contactcenter.heartbeat")

TICK = 1.0
RENEW_EVERY = 4.0  # with a tick, withdrawn rights close a socket within five seconds
BEAT_EVERY = 10.0
VISITOR_BEAT_EVERY = 15.0
WAIT_EVERY = 10.0
SEEN_EVERY = 30.0  # less than leaving.CONFIRM
# Consoles that sign in at one time. When a thousand come back at once, those who came first are in
# first; each a step further at a time, all would be in together, after they had lost patience.
AT_ONCE = 16
YIELD_EVERY = 50  # sockets between two chances for others to run


class Heartbeat:
    """The sockets of this process and the one task that serves them; starts with the first."""

    def __init__(self) -> None:
        self.consoles: set[Console] = set()
        self.tabs: defaultdict[int, set[Console]] = defaultdict(set)  # the consoles, by agent
        self.visitors: set[Visitor] = set()
        self.changed: set[int] = set()
        self.projects: set[int] = set()
        self.positions: dict[str, int] = {}
        self.running: asyncio.Task[None] | None = None
        self.listening: asyncio.Task[None] | None = None
        self.turned = 0.0  # when the last turn began, time.monotonic()
        self.channel = ""
        # Two first sockets at once: the second must not go on before there is a channel.
        self.starting = asyncio.Lock()
        self.door = asyncio.Semaphore(AT_ONCE)
        self.due = {"renew": 0.0, "beat": 0.0, "visitors": 0.0, "seen": 0.0, "waits": 0.0}
        self.steps = (
            *(self._renew, self._figures, self._positions),
            *(self._beat, self._visitors, self._seen),
        )

    async def add_console(self, console: Console) -> None:
        self.consoles.add(console)
        self.tabs[console.agent.pk].add(console)
        async with self.starting:
            await self._start()
            if console.agent.project_id not in self.projects:
                group = live.project_group(console.agent.project_id)
                await get_channel_layer().group_add(group, self.channel)
                self.projects.add(console.agent.project_id)

    async def add_visitor(self, visitor: Visitor) -> None:
        self.visitors.add(visitor)
        async with self.starting:
            await self._start()

    def remove(self, socket: Any) -> None:
        self.visitors.discard(socket)
        if socket in self.consoles:
            self.consoles.remove(socket)
            self.tabs[socket.agent.pk].remove(socket)
            if not self.tabs[socket.agent.pk]:
                del self.tabs[socket.agent.pk]

    async def _start(self) -> None:
        if not self.running or self.running.done():
            self.turned = time.monotonic()
            self.running = asyncio.create_task(self._run())
        if not self.listening or self.listening.done():
            self.channel = await get_channel_layer().new_channel()
            self.projects.clear()  # the new channel is in none of their groups
            self.listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while True:
            event = await get_channel_layer().receive(self.channel)
            self.changed.add(event["project"])

    async def _run(self) -> None:
        while True:
            started = self.turned = time.monotonic()
            for step in self.steps:
                try:
                    await step(started)
                except Exception:
                    logger.exception("Heartbeat: %s failed, goes on", step.__name__)
            await asyncio.sleep(max(0.05, TICK - (time.monotonic() - started)))

    def _is_due(self, what: str, now: float, every: float) -> bool:
        if now < self.due[what]:
            return False
        self.due[what] = now + every
        return True

    async def _renew(self, now: float) -> None:
        if not self.consoles or not self._is_due("renew", now, RENEW_EVERY):
            return
        consoles = {console.console_id: console for console in self.consoles}
        agents = {console_id: console.agent for console_id, console in consoles.items()}
        allowed = await on_thread(presence.renew, agents)
        for console_id in set(consoles) - allowed:
            await consoles[console_id].enter_again()

    async def _figures(self, now: float) -> None:
        projects, self.changed = self.changed, set()
        for project_id in projects & {console.agent.project_id for console in self.consoles}:
            figures = await on_thread(figures_of, project_id)
            await self._show_figures(project_id, figures)

    async def _show_figures(self, project_id: int, figures: metrics.Figures) -> None:
        texts: dict[str, str] = {}
        for number, console in enumerate(list(self.consoles)):
            if console.agent.project_id != project_id:
                continue
            language = console.agent.language
            if language not in texts:
                html = await on_thread(live.render, figures_fragments(figures), language)
                texts[language] = json.dumps(
                    {"type": "figures", "figures": figures.as_json(), "html": html}
                )
            await console.send(text_data=texts[language])
            if number % YIELD_EVERY == 0:
                await asyncio.sleep(0)

    async def _beat(self, now: float) -> None:
        if not self.consoles or not self._is_due("beat", now, BEAT_EVERY):
            return
        consoles = list(self.consoles)
        revisions = await on_thread(revisions_of, {console.agent.pk for console in consoles})
        projects = {console.agent.project_id for console in consoles}
        figures = {pk: (await on_thread(figures_of, pk)) for pk in projects}
        for number, console in enumerate(consoles):
            await console.send_frame(
                type="beat",
                revision=revisions.get(console.agent.pk, 0),
                figures=figures[console.agent.project_id].as_json(),
            )
            if number % YIELD_EVERY == 0:
                await asyncio.sleep(0)
        for project_id in projects:  # a lost hint shows at the latest now
            await self._show_figures(project_id, figures[project_id])

    async def _positions(self, now: float) -> None:
        """Tell waiting customers their place when it changed, and how long it may take now and
        then: a range that flickers helps nobody."""
        waiting = [
            (v.conversation, v) for v in self.visitors if v.conversation and v.state == "queued"
        ]
        if not waiting:
            return
        lines = await on_thread(estimates.lines, {conversation for conversation, _ in waiting})
        is_time = self._is_due("waits", now, WAIT_EVERY)
        for conversation, visitor in waiting:
            place = lines.get(conversation)
            if place and (place.position != visitor.position or is_time):
                await visitor.show_place(place)

    async def _visitors(self, now: float) -> None:
        if not self.visitors or not self._is_due("visitors", now, VISITOR_BEAT_EVERY):
            return
        visitors = [visitor for visitor in self.visitors if visitor.identity]
        known = await on_thread(states_of, {v.conversation for v in visitors if v.conversation})
        for number, visitor in enumerate(visitors):
            seq, state = known.get(visitor.conversation or "", (0, "new"))
            await visitor.send_frame(
                type="beat",
                conversation=visitor.conversation,
                seq=seq,
                state=state,
                position=visitor.position if state == "queued" else None,
            )
            if number % YIELD_EVERY == 0:
                await asyncio.sleep(0)

    async def _seen(self, now: float) -> None:
        """These pages are open: whoever waits has not left."""
        identities = {v.identity.pk for v in self.visitors if v.identity}
        if identities and self._is_due("seen", now, SEEN_EVERY):
            await on_thread(leaving.renew, identities)


_beats: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Heartbeat]" = (
    weakref.WeakKeyDictionary()
)


def heartbeat() -> Heartbeat:
    """This process's (event loop's) heartbeat."""
    return _beats.setdefault(asyncio.get_running_loop(), Heartbeat())


def sockets() -> dict[str, int]:
    """Open sockets of this process, by kind."""
    beats = list(_beats.values())
    return {
        "console": sum(len(beat.consoles) for beat in beats),
        "visitor": sum(len(beat.visitors) for beat in beats),
    }


def lateness() -> float:
    """Seconds since this process's heartbeat should have turned again; 0 where nobody needs it."""
    running = [beat for loop, beat in list(_beats.items()) if loop.is_running()]
    needed = [beat for beat in running if beat.consoles or beat.visitors]
    return max((0.0, *(time.monotonic() - beat.turned - TICK for beat in needed)))


def figures_of(project_id: int) -> metrics.Figures:
    return metrics.figures(Project.objects.get(pk=project_id))


def figures_fragments(figures: metrics.Figures) -> list[live.Fragment]:
    return [
        ("console/_figures.html", {"figures": figures}),
        ("console/_waiting.html", {"figures": figures}),
    ]


def revisions_of(agent_ids: set[int]) -> dict[int, int]:
    return dict(Screen.objects.filter(pk__in=agent_ids).values_list("pk", "revision"))


def states_of(conversations: set[str]) -> dict[str, tuple[int, str]]:
    """Newest seq and state of each, for the customers' beat."""
    return {
        str(conversation.pk): (conversation.last_seq, conversation.state)
        for conversation in Conversation.objects.filter(pk__in=conversations).with_state()
    }
