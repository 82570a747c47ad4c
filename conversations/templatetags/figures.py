"""`{% shown_figures %}`: the figures of a console, rendered once for all who are shown the same."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from conversations.metrics import Figures

register = template.Library()
FRAGMENTS = ("console/_figures.html", "console/_waiting.html")


@register.simple_tag
def shown_figures(figures: Figures) -> SafeString:
    """A refresh is mostly these; a thousand consoles that come back at once see the same."""
    return _rendered(figures, get_language())


@lru_cache(maxsize=64)
def _rendered(figures: Figures, language: str | None) -> SafeString:
    context = {"figures": figures}
    return SafeString("\n".join(render_to_string(name, context) for name in FRAGMENTS))
