"""The gates of internal chat: only the two who write see it. Everything else is 404."""

import uuid

from django.db.models import Q
from django.http import Http404

from agents.models import Agent
from conversations.access import is_number, readable_by
from conversations.models import Conversation
from conversations.noting import colleagues_of
from internalchat.models import DirectChat, Post, PostFile

WHOLE = ("project", "first__user", "second__user", "typification", "ended_by__user")


def chat_for(agent: Agent, chat_id: uuid.UUID, colleague: str = "") -> DirectChat:
    """One of the agent's own; or the one that would begin with that colleague, by its name."""
    mine = DirectChat.objects.of(agent.pk).filter(pk=chat_id, project=agent.project_id)
    if chat := mine.select_related(*WHOLE).first():
        return chat
    if colleague:
        chat = DirectChat.between(agent, colleague_for(agent, colleague))
        if chat.pk == chat_id:
            return chat
    raise Http404


def colleague_for(agent: Agent, number: str) -> Agent:
    """Somebody else of the project who has a console, now or tomorrow."""
    others = colleagues_of(agent).exclude(pk=agent.pk).select_related("user", "project")
    found = others.filter(pk=int(number)).first() if is_number(number) else None
    if found is None:
        raise Http404
    return found


def post_for(chat: DirectChat, client_id: str) -> Post:
    try:
        return chat.posts.get(client_id=uuid.UUID(client_id))
    except (ValueError, Post.DoesNotExist, Post.MultipleObjectsReturned):
        raise Http404 from None


def quotable(agent: Agent, name: str) -> Conversation | None:
    """A customer's conversation the agent may open themselves."""
    try:
        return readable_by(agent).filter(pk=uuid.UUID(name)).first()
    except ValueError:
        return None


def file_for(agent: Agent, upload_id: uuid.UUID) -> PostFile:
    """One they brought and have not sent, or one of a chat of theirs."""
    sent = Q(message__chat__first=agent) | Q(message__chat__second=agent)
    return _file(agent, upload_id, Q(message=None, agent=agent) | sent)


def unsent_for(agent: Agent, upload_id: uuid.UUID) -> PostFile:
    """One they brought themselves; whether it was sent meanwhile is the verb's to say."""
    return _file(agent, upload_id, Q(agent=agent))


def _file(agent: Agent, upload_id: uuid.UUID, which: Q) -> PostFile:
    files = PostFile.objects.filter(which, upload=upload_id, upload__project=agent.project_id)
    if found := files.select_related("upload__project", "message").first():
        return found
    raise Http404
