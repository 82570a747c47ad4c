"""How fast a person may go: a token bucket that all web processes share.

The count lives in Redis: one round trip a request, nothing in PostgreSQL. Without Redis each
process counts for itself, so that a dead Redis neither stops agents (promise P-13) nor opens the
gate.
"""

import logging
import threading
import time
from functools import cache
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from agents.sockets import Bucket

logger = logging.getLogger("contactcenter.limits")

PATIENCE = 0.25  # seconds for Redis to answer
ALONE_SECONDS = 5.0  # after a failure this process counts for itself so long, then asks again
MOST_ALONE = 10_000  # people one process counts without Redis

# The bucket as one number, the moment when it will be full again (GCRA). Redis' own clock: web
# processes on several machines need not agree on the time. Answers the seconds to wait.
TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local step, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local wait = full - now - step * (burst - 1)
if wait > 0 then return string.format('%.3f', wait) end
full = full + step
redis.call('SET', KEYS[1], string.format('%.6f', full), 'PX', math.ceil((full - now) * 1000))
return '0'
"""

_alone: dict[str, Bucket] = {}
_lock = threading.Lock()
_down_until = 0.0


def wait_for(who: str, *, burst: int, per_minute: float) -> float:
    """Take one of `who`'s tokens; 0.0 when there was one, else the seconds until the next."""
    global _down_until
    if time.monotonic() >= _down_until:
        try:
            answer = redis().eval(TAKE, 1, key(who), 60 / per_minute, burst)
            return float(answer)
        except RedisError as error:
            _down_until = time.monotonic() + ALONE_SECONDS
            logger.warning("Without Redis each process counts for itself: %r", error)
    return _wait_alone(who, burst, per_minute)


def _wait_alone(who: str, burst: int, per_minute: float) -> float:
    with _lock:
        if len(_alone) >= MOST_ALONE:
            _alone.clear()
        bucket = _alone.setdefault(who, Bucket(burst, per_minute))
        return 0.0 if bucket.take() else (1 - bucket.tokens) / bucket.rate


def address_of(request: HttpRequest) -> str | None:
    """The network address somebody comes from, as the outermost of our own proxies saw it.

    Every proxy adds whom it saw at the end of X-Forwarded-For; what stands before those of our own
    (`TRUSTED_PROXIES`) is whatever the sender wrote there.
    """
    connected = request.META.get("REMOTE_ADDR") or None
    if not settings.TRUSTED_PROXIES:
        return connected
    seen = request.headers.get("X-Forwarded-For", "").split(",")[-settings.TRUSTED_PROXIES :]
    try:
        return str(ip_address(seen[0].strip()))
    except ValueError:  # not there, or not an address
        return connected


def key(who: str) -> str:
    return f"{settings.REDIS_PREFIX}:pace:{who}"


@cache
def redis(patience: float = PATIENCE) -> Redis:
    """A client of its own: the cache's asks a dead Redis four times, and waits between."""
    return Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=patience,
        socket_connect_timeout=patience,
        retry=Retry(NoBackoff(), 0),
    )
