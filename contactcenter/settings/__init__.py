"""Every setting of the product: from the environment, with defaults that run.

`.env.example` lists the variables with one line each. Here is what the product is made of and how
it speaks; in the modules beside this one: which installation it is (`environment`), the servers it
needs (`neighbours`), where files lie (`files`), how one signs in (`people`), and what nobody may
(`walls`).
"""

import os
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from contactcenter.settings.environment import *
from contactcenter.settings.environment import BASE_DIR, PUBLIC_URL, VAR_DIR
from contactcenter.settings.files import *
from contactcenter.settings.files import UPLOADS
from contactcenter.settings.neighbours import *
from contactcenter.settings.people import *
from contactcenter.settings.walls import *

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

# Languages and time.
LANGUAGE_CODE = os.environ.get("LANGUAGE_CODE", "en")
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = os.environ.get("TIME_ZONE", "UTC")
USE_TZ = True

# A film about the console, linked from the agents' help.
HELP_VIDEO_URL = os.environ.get("HELP_VIDEO_URL", "")

# Static files are served by the web process itself, nothing is collected first. What people send
# lies elsewhere and is never served by its name (`files`).
STATIC_URL = "/static/"
STORAGES = {
    "default": UPLOADS,
    "uploads": UPLOADS,
    "staticfiles": {"BACKEND": "contactcenter.static_files.VersionedStorage"},
}

# Mail: files in var/mail unless a server is named.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = f"no-reply@{urlsplit(PUBLIC_URL).hostname or 'localhost'}"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"contactcenter": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
