"""`{% unread_posts agent %}`: what the console's toolbar says of internal chat.

The console's pages are made by a room below this one, which does not know it; their templates know
both (docs/decisions/0005-two-chats.md).
"""

from typing import Any

from django import template

from agents.models import Agent
from internalchat import directory

register = template.Library()


@register.inclusion_tag("internalchat/_unread.html")
def unread_posts(agent: Agent) -> dict[str, Any]:
    return {"unread": directory.unread(agent.pk)}
