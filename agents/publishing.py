"""One background event loop per process that publishes for everybody else.

A verb never waits for Redis: it hands the message over and goes on. The loop keeps one
connection (each `async_to_sync` in a worker would open a new one), is bounded, and gives up on
a slow Redis; failures are counted here, never raised. A push is a hint: the screen's revision
repairs what is lost. Celery's doorbells ring here too: a black-holed broker blocks for seconds.
"""

import asyncio
import logging
import os
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from celery import Task
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, Any]]

MOST_WAITING = 10_000
SEND_SECONDS = 2.0

counts: Counter[str] = Counter()  # published, failed, dropped: for /metrics


class _Loop:
    """An event loop in a daemon thread, started on first use and once per process (forks too)."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.waiting = 0
        self.loop = asyncio.new_event_loop()
        # Pushes keep their order; a dead broker's doorbells must not hold them up.
        self.lanes = {"push": asyncio.Lock(), "bell": asyncio.Lock()}
        threading.Thread(target=self.loop.run_forever, name="publishing", daemon=True).start()

    def submit(self, lane: str, work: Work) -> None:
        if self.waiting >= MOST_WAITING:
            counts["dropped"] += 1
            return
        self.waiting += 1
        self.loop.call_soon_threadsafe(self._start, lane, work)

    def _start(self, lane: str, work: Work) -> None:
        task = self.loop.create_task(self._run(lane, work))
        running.add(task)
        task.add_done_callback(running.discard)

    async def _run(self, lane: str, work: Work) -> None:
        try:
            async with self.lanes[lane], asyncio.timeout(SEND_SECONDS):
                await work()
            counts["published"] += 1
        except Exception as error:
            counts["failed"] += 1
            logger.warning("Not published (screens repair themselves): %r", error)
        finally:
            self.waiting -= 1


running: set[asyncio.Task[None]] = set()
_current: _Loop | None = None
_starting = threading.Lock()


def _loop() -> _Loop:
    global _current
    if _current is None or _current.pid != os.getpid():
        with _starting:
            if _current is None or _current.pid != os.getpid():
                _current = _Loop()
    return _current


def waiting() -> int:
    """How many are on their way."""
    return _current.waiting if _current else 0


def publish(group: str, message: dict[str, Any]) -> None:
    """Send `message` to a channel-layer group, soon, from the background loop."""
    _loop().submit("push", lambda: get_channel_layer().group_send(group, message))


def ring(task: Task, *args: Any) -> None:
    """Tell a Celery worker there is work; the sweep every 10 s finds it if nobody hears."""
    _loop().submit("bell", lambda: asyncio.to_thread(task.apply_async, args, retry=False))
