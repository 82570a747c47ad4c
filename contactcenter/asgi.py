"""The web process as one ASGI application: pages by Django, sockets by Channels."""

import os

# Only web processes pool their connections; this must be said before settings are read.
os.environ.setdefault("DATABASE_POOL_SIZE", "16")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

pages = get_asgi_application()

from contactcenter.sockets import urlpatterns  # noqa: E402  needs the app registry

application = ProtocolTypeRouter({"http": pages, "websocket": URLRouter(urlpatterns)})
