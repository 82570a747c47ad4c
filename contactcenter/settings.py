"""Every setting of the product: from the environment, with defaults that run.

`.env.example` lists the variables with one line each. In production (DEMO and DEBUG off) a
missing secret stops the start with a sentence that names it.
"""

import hashlib
import os
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from contactcenter.patience import PatientConnection

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))


def flag(name: str, default: str = "0") -> bool:
    return os.environ.get(name, default).strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def required(name: str, what: str, stand_in: str) -> str:
    """The variable's value; a stand-in only where nobody's data is at stake."""
    if value := os.environ.get(name):
        return value
    if DEBUG or DEMO or BUILDING:
        return stand_in
    raise ImproperlyConfigured(f"{name} is missing: {what}. See .env.example.")


DEBUG = flag("DEBUG")
DEMO = flag("DEMO")
BUILDING = flag("BUILDING")  # checks, translations, image builds: nothing is served
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT", "8000"))
PUBLIC_URL = os.environ.get("PUBLIC_URL", f"http://localhost:{PORT}").rstrip("/")
SECURE = PUBLIC_URL.startswith("https://")

SECRET_KEY = required(
    "SECRET_KEY",
    "it signs sessions and links; 50 random characters",
    "stand-in-" + hashlib.sha256(str(BASE_DIR).encode()).hexdigest(),
)
ALLOWED_HOSTS = [
    *words("ALLOWED_HOSTS", urlsplit(PUBLIC_URL).hostname or ""),
    "localhost",
    "127.0.0.1",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS", PUBLIC_URL)

INSTALLED_APPS = [
    "contactcenter.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "axes",
    "csp",
    "channels",
    "contactcenter.apps.ContactCenterConfig",
    "agents.apps.AgentsConfig",
    "media.apps.MediaConfig",
    "conversations.apps.ConversationsConfig",
    "internalchat.apps.InternalChatConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "contactcenter.caching.not_kept_by_default",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "contactcenter.urls"
ASGI_APPLICATION = "contactcenter.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

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

# People and sessions.
AUTH_USER_MODEL = "agents.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "projects"
LOGOUT_REDIRECT_URL = "login"
SESSION_ENGINE = "agents.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
PASSWORD_RESET_TIMEOUT = 60 * 60  # the link in a recovery mail, in seconds
# Sign-in is slowed after five failures of one user from one address: a minute's wait.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1 / 60
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "agents.views.sign_in_slowed"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_CLIENT_IP_CALLABLE = "agents.limits.address_of"
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))  # in front, one behind the other

# Who may read /metrics: these networks, or whoever has the token.
METRICS_ALLOW = [ip_network(network) for network in words("METRICS_ALLOW", "127.0.0.0/8,::1/128")]
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")

# The walls.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": ["self"],
    "payment": [],
    "usb": [],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = False
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # nginx redirects; behind it we speak plain HTTP
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# A form or JSON body: bytes, and fields. What is larger still is not received (server.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# How fast one may go: frames on a visitor's socket, requests of an agent's console (all tabs and
# web processes together). Raised for load tests.
LIMIT_VISITOR_PER_MINUTE = int(os.environ.get("LIMIT_VISITOR_PER_MINUTE", "100"))
LIMIT_VISITOR_BURST = int(os.environ.get("LIMIT_VISITOR_BURST", "20"))
LIMIT_AGENT_PER_MINUTE = int(os.environ.get("LIMIT_AGENT_PER_MINUTE", "600"))
LIMIT_AGENT_BURST = int(os.environ.get("LIMIT_AGENT_BURST", "100"))

# Languages and time.
LANGUAGE_CODE = os.environ.get("LANGUAGE_CODE", "en")
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = os.environ.get("TIME_ZONE", "UTC")
USE_TZ = True

# A film about the console, linked from the agents' help.
HELP_VIDEO_URL = os.environ.get("HELP_VIDEO_URL", "")

# Files. Static ones are served by the web process itself, nothing is collected first.
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "contactcenter.static_files.VersionedStorage"},
}
MEDIA_ROOT = VAR_DIR / "uploads"

# Mail: files in var/mail unless a server is named.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = f"no-reply@{urlsplit(PUBLIC_URL).hostname or 'localhost'}"

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
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 30  # seconds; a job that PostgreSQL never answers ends with its process
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"contactcenter": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
