"""How worker and beat say that they live: a key in Redis that runs out by itself."""

import contextlib
import threading

from django.core.cache import cache

EVERY = 2.0
SECONDS = 8

draining = threading.Event()  # set on SIGTERM: this web process takes nothing new


def key(part: str) -> str:
    return f"alive:{part}"


def say(part: str) -> None:
    """Note that `part` lives; without Redis there is nobody to tell."""
    with contextlib.suppress(Exception):
        cache.set(key(part), 1, SECONDS)
