"""The channel layer, patient with a Redis that is dead, mute or back again.

channels-redis raises where Redis is dead, waits for ever where it is mute, and never notices a
line that has gone silent. A socket must open all the same (promise P-13): it then hears its pushes
as soon as Redis is back, and until then the beats repair its screen.
"""

import asyncio
import contextlib
import logging
import time
import uuid
from typing import Any

from channels_redis.pubsub import (
    RedisPubSubChannelLayer,
    RedisPubSubLoopLayer,
    RedisSingleShardConnection,
)
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

logger = logging.getLogger("contactcenter.layers")

PATIENCE = 1.5  # seconds for Redis
REST = 1.0  # after it did not answer nobody asks so long: each would wait as long again
PULSE_EVERY = 2.0
DEAF = 3  # pulses in a row that did not come back
PROBLEMS = (RedisError, OSError, TimeoutError)

_lines: "set[Line]" = set()


class PatientLayer(RedisPubSubChannelLayer):
    def _get_layer(self) -> RedisPubSubLoopLayer:
        is_new = asyncio.get_running_loop() not in self._layers
        layer = super()._get_layer()
        if is_new:
            layer._shards = [Line(shard.host, layer) for shard in layer._shards]
        return layer


class Line(RedisSingleShardConnection):
    """One event loop's way to one Redis: what it `wanted` to hear it hears as soon as it can."""

    _receive_task: asyncio.Task[None] | None

    def __init__(self, host: dict[str, Any], layer: RedisPubSubLoopLayer) -> None:
        # One try more: the first one finds out that the other side has hung up meanwhile.
        super().__init__({**host, "retry": Retry(NoBackoff(), 1)}, layer)
        self.wanted: set[str] = set()
        self.own_names = f"{layer.prefix}specific."  # RedisPubSubLoopLayer.new_channel
        self.pulse = f"{layer.prefix}:pulse:{uuid.uuid4().hex}"
        self.heard_at = 0.0
        self.heard = asyncio.Event()
        self.silent = 0  # pulses in a row that did not come back
        self.is_sure = True  # no: what is pushed before the next pulse comes back may be lost
        self.resting_until = 0.0
        self.task: asyncio.Task[None] | None = None

    @property
    def hears(self) -> bool:
        return self.is_sure and time.monotonic() - self.heard_at < (DEAF + 1) * PULSE_EVERY

    async def publish(self, channel: str, message: Any) -> None:
        """Raises at once while Redis is known not to answer. Twice: a connection that died without
        a word is found out by the first try and dropped with it."""
        if time.monotonic() < self.resting_until:
            raise ConnectionError("Redis does not answer")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE / 2):
                return await super().publish(channel, message)
        await self._in_time(super().publish(channel, message), PATIENCE / 2)

    async def subscribe(self, channel: str) -> None:
        """A socket hears by its groups; nobody calls it by the name of its own, and asking Redis
        for that too took half of what it takes to join."""
        if channel.startswith(self.own_names):
            return
        self.wanted.add(channel)
        if self.task is None or self.task.done():
            self.heard_at = time.monotonic()
            self.task = asyncio.create_task(self._keep_hearing())
            _lines.add(self)
        if time.monotonic() >= self.resting_until:
            with contextlib.suppress(*PROBLEMS):
                await self._in_time(super().subscribe(channel))

    async def unsubscribe(self, channel: str) -> None:
        """Whoever goes does not wait: what nobody wants any more is let go of in passing."""
        self.wanted.discard(channel)

    async def flush(self) -> None:
        _lines.discard(self)
        self.wanted.clear()
        if self.task:
            self.task.cancel()
            self.task = None
        await super().flush()

    async def _in_time(self, work: Any, seconds: float = PATIENCE) -> None:
        try:
            async with asyncio.timeout(seconds):
                await work
        except TimeoutError:
            self.resting_until = time.monotonic() + REST
            raise

    async def _keep_hearing(self) -> None:
        """What is published must come back; a line that stays silent is cut, and comes anew."""
        me = asyncio.current_task()
        while not (me and me.cancelling()):  # redis-py can swallow a cancellation
            began = time.monotonic()
            try:
                await self._catch_up()
                await self._send_pulse()
                if self.silent >= DEAF:
                    await self._cut()
            except Exception as problem:
                # The line to hear by may have died with the one to speak by.
                self.silent, self.is_sure = DEAF - 1, False
                logger.warning("Pushes may not be heard: %r", problem)
            await asyncio.sleep(max(0.1, began + PULSE_EVERY - time.monotonic()))

    async def _send_pulse(self) -> None:
        """It has until the next one is due: judged at once it would always have been lost."""
        self.heard.clear()
        await self.publish(self.pulse, b"")
        self.silent += 1
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PULSE_EVERY):
                await self.heard.wait()

    async def _catch_up(self) -> None:
        if self._receive_task and self._receive_task.done():
            self._receive_task = None
            self._ensure_receiver()
        for channel in [*(self.wanted - self._subscribed_to), self.pulse]:
            await self._in_time(super().subscribe(channel))
        for channel in self._subscribed_to - self.wanted - {self.pulse}:
            if channel not in self.wanted:
                await self._in_time(super().unsubscribe(channel))

    async def _cut(self) -> None:
        """The receiving task finds it closed, connects anew and subscribes to all there is."""
        self.silent, self.is_sure = 0, False
        if self._pubsub and self._pubsub.connection:
            await self._pubsub.connection.disconnect(nowait=True)

    def _receive_message(self, message: dict[str, Any] | None) -> None:
        if message and message["channel"] in (self.pulse, self.pulse.encode()):
            self.heard_at, self.silent, self.is_sure = time.monotonic(), 0, True
            self.heard.set()
        else:
            super()._receive_message(message)


def hears() -> bool:
    """Whether pushes of others reach the sockets of this process."""
    return all(line.hears for line in list(_lines))
