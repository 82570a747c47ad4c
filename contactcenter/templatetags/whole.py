"""`{% module %}` and `{% stylesheet %}`: a script or a sheet together with all it imports."""

from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static

from contactcenter.static_graph import needed_by

register = template.Library()


@register.inclusion_tag("_module.html")
def module(name: str) -> dict[str, object]:
    return whole(name)


@register.inclusion_tag("_stylesheet.html")
def stylesheet(name: str) -> dict[str, object]:
    return whole(name)


def whole(name: str) -> dict[str, object]:
    pieces = needed_by(name) if settings.DEBUG else needed_once(name)
    return {"address": static(name), "pieces": [static(piece) for piece in pieces]}


needed_once = cache(needed_by)
