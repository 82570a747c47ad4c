"""A process hears its pushes again within seconds of its Redis being back, whatever was wrong."""

import asyncio
import contextlib
import time
from pathlib import Path

from agents import limits
from agents.layers import PatientLayer
from faults.lines import DOWN, UP
from faults.proxy import Proxy

WRONG = 8.0  # seconds, longer than it takes to be found deaf
HEALS = 8.0
LONG = "x" * 20_000
THIN = 40_000  # bytes a second: what is said comes half a second after the answer to the saying


def redis_place() -> Path | tuple[str, int]:
    known = limits.redis().connection_pool.connection_kwargs
    return Path(known["path"]) if "path" in known else (known["host"], known["port"])


async def speak(layer: PatientLayer) -> None:
    """As a web process does, from the very loop that hears."""
    while True:
        with contextlib.suppress(Exception):
            async with asyncio.timeout(2):
                await layer.group_send("agents", {"said": time.monotonic(), "text": LONG})
        await asyncio.sleep(1)


async def healing(mode: str) -> float:
    """Seconds from the healing of its line to the first message that was sent after it, heard by
    a line that is sure to hear."""
    with Proxy(mode, redis_place()) as proxy:
        layer = PatientLayer(hosts=[f"redis://127.0.0.1:{proxy.port}/0"], prefix=f"hear-{mode}")
        name = await layer.new_channel()
        await layer.group_add("agents", name)
        speaker = asyncio.create_task(speak(layer))
        try:
            await layer.receive(name)
            proxy.mode(mode)
            await asyncio.sleep(WRONG)
            proxy.mode(way=UP)
            proxy.mode(way=DOWN, rate=THIN)
            healed = time.monotonic()
            line = layer._get_layer()._shards[0]
            async with asyncio.timeout(30):
                while (await layer.receive(name))["said"] < healed or not line.hears:
                    pass
            return time.monotonic() - healed
        finally:
            speaker.cancel()
            await layer.flush()


async def test_a_line_that_was_bad_for_long_hears_again_soon() -> None:
    """Judged in the instant of its sending, a pulse never came back, and the line was cut again
    and again while it was well."""
    modes = ["hold", "swallow", "reset"]
    took = dict(zip(modes, await asyncio.gather(*map(healing, modes)), strict=True))
    assert max(took.values()) < HEALS, took
