"""What the console's templates ask of internal chat, and the rows of its directory.

The console's pages are made by a room below this one, which does not know it; their templates know
both (docs/decisions/0006-two-chats.md).
"""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.translation import get_language

from agents.models import Agent
from internalchat import directory

KEPT = 4_000  # rows, of all projects and languages: about 4 MB

register = template.Library()


@register.inclusion_tag("internalchat/_unread.html")
def unread_posts(agent: Agent) -> dict[str, Any]:
    """`{% unread_posts agent %}`: what the console's toolbar says of internal chat."""
    return {"unread": directory.unread(agent.pk)}


@register.simple_tag
def listed_agent(listed: directory.Colleague) -> str:
    """Rendered once as long as nothing about them changes: a list of a thousand is asked for anew
    whenever one of them does."""
    return _row(listed, get_language())


@lru_cache(maxsize=KEPT)
def _row(listed: directory.Colleague, _language: str | None) -> str:
    return render_to_string("internalchat/_agent.html", {"listed": listed})
