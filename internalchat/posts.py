"""Agents write to each other."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from agents.models import Agent
from conversations.models import Conversation
from internalchat import broadcasts
from internalchat.models import DirectChat, Post, PostFile
from media import attaching
from media.models import Upload


class Closed(Exception):
    """The chat is over: nothing was added to it."""


class NotActive(Exception):
    """A chat begins with somebody who is there; nothing was stored."""


def send(
    *,
    agent: Agent,
    chat: DirectChat,
    client_id: uuid.UUID,
    text: str,
    quoted: Conversation | None = None,
    uploads: Sequence[uuid.UUID] = (),
) -> Post:
    """Store the post and show it; the first one begins the chat. Sending the same `client_id` again
    returns the first, and shows it once more: whoever stored it may have died before it told.

    Raises Closed, NotActive for a first post to somebody who is not online, and
    `attaching.NotAttached` when a file is not the agent's own, not ready, or sent already.
    """
    with transaction.atomic():
        here = _locked(agent, chat)
        known = here.posts.filter(agent=agent, client_id=client_id).first()
        post = known or _append(here, agent, client_id, text, quoted)
        if known is None:
            _attach(post, uploads)
        post.chat, post.agent = here, agent
        broadcasts.show_post(post)
        return post


def read(*, agent: Agent, chat: DirectChat, seq: int) -> None:
    """The agent has seen everything up to `seq`; it never goes back."""
    with transaction.atomic():
        mark = chat.mark_of(agent.pk)
        unseen = DirectChat.objects.filter(pk=chat.pk, last_seq__gte=seq, **{f"{mark}__lt": seq})
        if unseen.update(**{mark: seq}):
            broadcasts.show_reading(chat, agent)


def typing(*, agent: Agent, chat: DirectChat) -> None:
    """The colleague sees that somebody writes; before the first post there is nothing to see."""
    if chat.is_written and chat.is_open:
        broadcasts.tell_typing(chat, agent.pk)


def _locked(agent: Agent, chat: DirectChat) -> DirectChat:
    """Its row under its lock, made where this is the beginning; two beginnings are one."""
    rows = DirectChat.objects.select_related("project", "first__user", "second__user")
    row = rows.select_for_update(of=("self",)).filter(pk=chat.pk)
    if found := row.first():
        return found
    colleague = chat.colleague_of(agent.pk)
    if not Agent.objects.filter(pk=colleague.pk).online().exists():
        raise NotActive
    DirectChat.objects.bulk_create([chat], ignore_conflicts=True)
    return row.get()


def _append(
    chat: DirectChat, agent: Agent, client_id: uuid.UUID, text: str, quoted: Conversation | None
) -> Post:
    """With the chat's next number. Whoever had seen all before it has seen this one."""
    if not chat.is_open:
        raise Closed
    seq, mark = chat.last_seq + 1, chat.mark_of(agent.pk)
    seen = {mark: seq} if chat.read_by(agent.pk) == chat.last_seq else {}
    DirectChat.objects.filter(pk=chat.pk).update(last_seq=F("last_seq") + 1, **seen)
    chat.last_seq = seq
    return Post.objects.create(
        chat=chat, seq=seq, agent=agent, client_id=client_id, text=text, quoted=quoted
    )


def _attach(post: Post, uploads: Sequence[uuid.UUID]) -> None:
    fit = PostFile.objects.filter(upload__state=Upload.State.READY, agent=post.agent, message=None)
    PostFile.objects.bulk_update(attaching.attach(post, fit, uploads), ["message", "position"])
