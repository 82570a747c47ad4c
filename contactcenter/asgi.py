"""The web process as one ASGI application: pages by Django, sockets by Channels, static files by
neither."""

import os

# Only web processes pool their connections; this must be said before settings are read.
os.environ.setdefault("DATABASE_POOL_SIZE", "16")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")

import django
from channels.routing import ProtocolTypeRouter, URLRouter

django.setup(set_prefix=False)

from contactcenter.pages import Pages  # noqa: E402  settings are read
from contactcenter.sockets import urlpatterns  # noqa: E402  needs the app registry
from contactcenter.static_files import StaticFiles  # noqa: E402

application = ProtocolTypeRouter(
    {"http": StaticFiles(Pages()), "websocket": URLRouter(urlpatterns)}
)
