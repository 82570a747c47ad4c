"""Waiting for others: asked again and again until it is so, and never without a deadline."""

import asyncio
import time
import urllib.error
import urllib.request
from collections.abc import Callable

GLANCE = 0.05  # seconds between two looks


def becomes(is_so: Callable[[], object], seconds: float, *, every: float = GLANCE) -> bool:
    """Whether it is so within `seconds`; it is asked once however few they are."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(every)
    return True


async def soon(is_so: Callable[[], object], seconds: float, *, every: float = GLANCE) -> bool:
    """`becomes`, for whoever shares an event loop."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        await asyncio.sleep(every)
    return True


def wait_until(
    is_so: Callable[[], object], seconds: float, say: Callable[[], str] = lambda: ""
) -> None:
    """Until it is so; AssertionError with `say()` when time is up."""
    if not becomes(is_so, seconds):
        raise AssertionError(f"not so within {seconds} s\n{say()}")


def answers(url: str) -> bool:
    """Whether somebody answers there, whatever the answer is."""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
