"""What the doors of internal chat have in common with the console's, and what they say."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from conversations.views.doors import AgentRequest, conflict, console_door
from conversations.views.messages import not_attached
from internalchat import closing, posts
from media.attaching import NotAttached

View = Callable[..., HttpResponse]


def chat_door(view: View) -> View:
    """A console's door; a race that the colleague won is a 409 with a sentence."""

    @console_door
    @wraps(view)
    def door(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (posts.Closed, closing.AlreadyClosed):
            return conflict(request, _("This chat is closed. A new direct message begins another."))
        except NotAttached:
            return conflict(request, not_attached())
        except posts.NotActive:
            return conflict(request, _("A chat begins with an agent who is active. Try later."))

    return door
