"""How workers, beat and jobs say that they live: a key in Redis that runs out by itself."""

import contextlib
import threading

from django.conf import settings
from redis.exceptions import RedisError

from agents import limits

EVERY = 2.0
SECONDS = 8
JOB_EVERY = 3.0  # a job that only says that jobs are done

WORKER, BEAT, JOBS, FILES = "worker", "beat", "jobs", "files"

draining = threading.Event()  # set on SIGTERM: this web process takes nothing new


def key(part: str) -> str:
    return f"{settings.REDIS_PREFIX}:alive:{part}"


def say(part: str) -> None:
    """Note that `part` lives; without Redis there is nobody to tell."""
    with contextlib.suppress(RedisError):
        limits.redis().set(key(part), 1, ex=SECONDS)
