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
    return addresses(name) if settings.DEBUG else kept_addresses(name)


def addresses(name: str) -> dict[str, object]:
    return {"address": static(name), "pieces": [static(piece) for piece in needed_by(name)]}


kept_addresses = cache(addresses)
