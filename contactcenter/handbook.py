"""The agents' help (R79): how the console is used, in their language, with pictures of it."""

from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from PIL import Image

from agents import access

SCALE = 1.5  # pixels of a picture for one on the page
FOLDER = settings.BASE_DIR / "contactcenter/static"
# The template in help/, the chapter's name; the order is the day's.
CHAPTERS = {
    "screen": _("The screen at a glance"),
    "taking": _("Taking conversations"),
    "answering": _("Answering"),
    "files": _("Files"),
    "notes": _("Quick replies and notes"),
    "internal": _("Internal chat"),
    "transferring": _("Transferring"),
    "ending": _("Ending"),
    "home": _("Going home"),
    "line": _("When the line is lost"),
    "keys": _("Keyboard shortcuts"),
    "noticing": _("Sound and notifications"),
}


@require_safe
@login_required
def handbook(request: HttpRequest) -> HttpResponse:
    """In the language and theme of the person's first place, for whoever may sign in."""
    places = list(access.memberships(request.user).order_by("pk"))
    agent = places[0] if places else None
    language = agent.language if agent else translation.get_language()
    context = {
        "agent": agent,
        "places": [place.project for place in places if place.is_agent],
        "project": agent.project if agent and agent.is_agent else None,
        "chapters": [(key, name, f"help/_{key}.html") for key, name in CHAPTERS.items()],
        "pictures": pictures(language),
        "video": settings.HELP_VIDEO_URL,
        "asked": access.whom_to_ask(request.user),
        "supports": access.supports(request.user),
    }
    with translation.override(language):
        return render(request, "help/help.html", context)


class Picture(NamedTuple):
    address: str
    width: int
    height: int


@cache
def pictures(language: str) -> dict[str, Picture]:
    """Those that `contactcenter.tests.picturing` took, with their sizes: nothing jumps."""
    found = {}
    for path in sorted((FOLDER / "img/help" / language).glob("*.webp")):
        with Image.open(path) as image:
            address = static(path.relative_to(FOLDER).as_posix())
            width, height = (round(side / SCALE) for side in image.size)
            found[path.stem] = Picture(address, width, height)
    return found
