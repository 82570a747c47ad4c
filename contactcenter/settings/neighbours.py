"""The neighbours: PostgreSQL keeps everything, Redis carries hints, Celery is a doorbell on it."""

import os
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from contactcenter.patience import PatientConnection
from contactcenter.settings.environment import required

# PostgreSQL. The pool belongs to web processes only (asgi.py asks for it): a prefork worker
# must not inherit open connections.
_database = conninfo_to_dict(
    required("DATABASE_URL", "postgresql://user:password@host/name", "postgresql:///contactcenter")
)
DATABASE_POOL_SIZE = int(os.environ.get("DATABASE_POOL_SIZE", "0"))
# A dead line is noticed by the kernel within ten seconds or so, a frozen server by patience.py.
_line: dict[str, int | str] = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 8_000,
}
if DATABASE_POOL_SIZE:
    # What a person waits for ends; commands and migrations may take their time. No transaction
    # waits for anything but the database: one that is idle so long is dead, and may hold the
    # routing's lock for all others (promise P-08: 12 s, everything included).
    _line["options"] = "-c statement_timeout=15s -c idle_in_transaction_session_timeout=8s"
_pool = {
    "min_size": 2,
    "max_size": DATABASE_POOL_SIZE,
    "timeout": 10,
    # Between two tries it waits twice as long each time: given up early, it begins anew.
    "reconnect_timeout": 2,
    "connection_class": PatientConnection,
}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.pop("dbname", "contactcenter"),
        "USER": _database.pop("user", ""),
        "PASSWORD": _database.pop("password", ""),
        "HOST": _database.pop("host", ""),
        "PORT": _database.pop("port", ""),
        "OPTIONS": {
            **_line,
            **_database,
            # A statement is planned once a connection, from its fifth time on: planning the
            # seven joins of a row of the list takes PostgreSQL ten times as long as running them.
            "server_side_binding": True,
            "prepare_threshold": 5,
            **({"pool": _pool} if DATABASE_POOL_SIZE else {}),
        },
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": bool(DATABASE_POOL_SIZE),  # costs a look at the socket (patience.py)
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: the channel layer, the Celery queue, the shared cache. Nothing of value lives there.
REDIS_URL = required("REDIS_URL", "redis://host:6379/0 or unix:///path", "redis://localhost:6379/0")
REDIS_PREFIX = os.environ.get("REDIS_PREFIX", "cc")
# Seconds. A Redis that swallows everything must be noticed: without these one waits for ever.
_patience = {"socket_connect_timeout": 2, "socket_timeout": 2}
CHANNEL_LAYERS = {
    "default": {
        # The tests put one that loses pushes here.
        "BACKEND": os.environ.get("CHANNEL_LAYER", "agents.layers.PatientLayer"),
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, **_patience}],
            "prefix": f"{REDIS_PREFIX}:layer",
        },
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
        "OPTIONS": _patience,
    }
}

# Celery: only a doorbell, PostgreSQL holds the work. kombu does not know unix://.
_redis = urlsplit(REDIS_URL)
CELERY_BROKER_URL = (
    f"redis+socket://{_redis.path}?virtual_host=0" if _redis.scheme == "unix" else REDIS_URL
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{REDIS_PREFIX}:celery:",
    **_patience,
    "socket_timeout": 5,
    "health_check_interval": 5,
}
# What may take long has a worker of its own (embedded/programs.py).
CELERY_TASK_ROUTES = {
    "conversations.tasks.inspect_attachment": {"queue": "files"},
    "internalchat.tasks.inspect_file": {"queue": "files"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 30  # seconds; a job that PostgreSQL never answers ends with its process
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
