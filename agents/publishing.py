"""One event loop per process that publishes for everybody else.

A verb never waits for Redis: it hands the message over and goes on. The loop keeps one
connection (each `async_to_sync` in a worker would open a new one), is bounded, and gives up on
a slow Redis; failures are counted here, never raised. A push is a hint: the screen's revision
repairs what is lost. Celery's doorbells ring here too: a black-holed broker blocks for seconds.
"""

import asyncio
import logging
import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from typing import Any

from celery import Task, current_app
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, Any]]

MOST_WAITING = 10_000
SEND_SECONDS = 2.0

counts: Counter[str] = Counter()  # published, failed, dropped: for /metrics


class _Lane:
    """Work that is done one after the other, in the order it was handed over."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.waiting: deque[Work] = deque()
        self.is_running = False
        self.lock = threading.Lock()

    def submit(self, work: Work) -> None:
        with self.lock:
            if len(self.waiting) >= MOST_WAITING:
                counts["dropped"] += 1
                return
            self.waiting.append(work)
            if self.is_running:
                return
            self.is_running = True
        self.loop.call_soon_threadsafe(self._start)

    def _start(self) -> None:
        self.task = self.loop.create_task(self._run())  # kept: loops hold their tasks weakly

    async def _run(self) -> None:
        while work := self._next():
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await work()
                counts["published"] += 1
            except Exception as error:
                counts["failed"] += 1
                logger.warning("Not published (screens repair themselves): %r", error)

    def _next(self) -> Work | None:
        with self.lock:
            if self.waiting:
                return self.waiting.popleft()
            self.is_running = False
            return None


class _Loop:
    """The event loop that publishes: a web process's own (`adopt`), else one in a daemon thread,
    started on first use and once per process (forks too)."""

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.pid = os.getpid()
        self.loop = loop or asyncio.new_event_loop()
        # Pushes keep their order; a dead broker's doorbells must not hold them up.
        self.lanes = {"push": _Lane(self.loop), "bell": _Lane(self.loop)}
        if loop is None:
            threading.Thread(target=self.loop.run_forever, name="publishing", daemon=True).start()


_current: _Loop | None = None
_starting = threading.Lock()


def adopt() -> None:
    """Publish from the running loop: a web process has one, and a second thread would compete
    with it for the interpreter."""
    global _current
    _current = _Loop(asyncio.get_running_loop())


def _loop() -> _Loop:
    global _current
    if _current is None or _current.pid != os.getpid():
        with _starting:
            if _current is None or _current.pid != os.getpid():
                _current = _Loop()
    return _current


def waiting() -> int:
    """How many are on their way."""
    return sum(len(lane.waiting) for lane in _current.lanes.values()) if _current else 0


def publish(group: str, message: dict[str, Any]) -> None:
    """Send `message` to a channel-layer group, soon, from the background loop."""
    _loop().lanes["push"].submit(lambda: get_channel_layer().group_send(group, message))


def ring(task: Task | str, *args: Any, countdown: float = 0) -> None:
    """Tell a Celery worker there is work, now or in so many seconds; the sweep every 10 s finds it
    if nobody hears. By its name where the task stands above whoever rings."""
    job = current_app.signature(task, args) if isinstance(task, str) else task.signature(args)
    options = {"countdown": countdown or None, "retry": False}
    _loop().lanes["bell"].submit(lambda: asyncio.to_thread(job.apply_async, **options))
