"""What goes with posts: their files, and customers' conversations as far as the reader may see
them."""

import copy
from collections.abc import Iterable

from agents.models import Agent
from conversations import access
from internalchat.models import Post, PostFile


def with_cards(agent: Agent, posts: Iterable[Post]) -> list[Post]:
    """These posts for that reader, with their files; `card` is the quoted conversation where they
    may open it."""
    shown = [copy.copy(post) for post in posts]
    PostFile.give(shown)
    if quoted := {post.quoted_id for post in shown if post.quoted_id}:
        cards = {card.pk: card for card in access.readable_by(agent).filter(pk__in=quoted)}
        for post in shown:
            post.card = cards.get(post.quoted_id) if post.quoted_id else None
    return shown
