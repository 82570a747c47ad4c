"""A socket that comes back by itself, as the pages' own lines do (static/js/*/line.js)."""

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin

FIRST, LONGEST = 0.5, 4.0  # seconds between two attempts, doubled each time
FINAL = {4401, 4403, 4404, 4409}  # trying again by itself would not help


class Refused(Exception):
    """The server wants no line with us; the code says why."""


async def lines(
    address: str, origin: str, within: float, **options: Any
) -> AsyncGenerator[Any, None]:
    """One open line after the other, for ever. `within`: seconds an attempt may take.

    Raises Refused.
    """
    tries = 0
    while True:
        line = None
        with contextlib.suppress(OSError, EOFError, InvalidHandshake):
            line = await connect(
                address,
                origin=Origin(origin),
                open_timeout=within,
                compression=None,
                ping_interval=None,  # browsers never ping
                proxy=None,
                **options,
            )
        if line:
            tries = 0
            try:
                yield line
            finally:
                line.transport.abort()  # a dead line's own close may take minutes
            if line.close_code in FINAL:
                raise Refused(str(line.close_code))
        await asyncio.sleep(min(LONGEST, FIRST * 2**tries) * random.uniform(0.5, 1))  # noqa: S311
        tries += 1


async def frames(line: ClientConnection, silence: float) -> AsyncGenerator[str, None]:
    """What comes down, until the line ends or nothing came for so many seconds."""
    with contextlib.suppress(ConnectionClosed, TimeoutError):
        while True:
            # Not wait_for: before Python 3.12 it loses a cancellation that comes with a frame.
            async with asyncio.timeout(silence):
                text = await line.recv()
            yield str(text)
