"""A chat's small posts: writing, reading, typing; and the 20 older lines."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conversations.models import Conversation
from conversations.views.console import seq_of
from conversations.views.doors import AgentRequest, Unusable, wants_page
from conversations.views.messages import written
from internalchat import access, posts, quoting
from internalchat.models import DirectChat
from internalchat.views import chats
from internalchat.views.doors import chat_door


@require_http_methods(["GET", "POST"])
@chat_door
def messages(request: AgentRequest, chat_id: uuid.UUID) -> HttpResponse:
    return (create if request.method == "POST" else older)(request, chosen(request, chat_id))


def create(request: AgentRequest, chat: DirectChat) -> HttpResponse:
    client_id, text, uploads = written(request)
    post = posts.send(
        agent=request.agent,
        chat=chat,
        client_id=client_id,
        text=text,
        quoted=quoted_in(request, chat, client_id),
        uploads=uploads,
    )
    if wants_page(request):
        return redirect(post.chat)
    (shown,) = quoting.with_cards(request.agent, [post])
    context = {"message": shown, "agent": request.agent}
    return render(request, "conversations/_message.html", context)


def quoted_in(request: AgentRequest, chat: DirectChat, client_id: uuid.UUID) -> Conversation | None:
    """What goes with the post, as a card. A post that is stored already is only asked for again:
    what it quotes may have gone to somebody else since."""
    name = request.POST.get("quote", "")
    if not name or chat.posts.filter(agent=request.agent, client_id=client_id).exists():
        return None
    if quoted := access.quotable(request.agent, name):
        return quoted
    raise Unusable(_("The conversation you quote is not yours to see any more. Write without it."))


def older(request: AgentRequest, chat: DirectChat) -> HttpResponse:
    before = access.post_for(chat, request.GET.get("before", ""))
    page, has_older = chats.page(chat, before)
    context = {
        "agent": request.agent,
        "chat": chat,
        "conversation": chat,
        "messages": page,
        "lines": chats.lines_of(request.agent, page),
        "has_older": has_older,
        "are_earlier": True,
    }
    return render(request, "conversations/_older_messages.html", context)


@require_POST
@chat_door
def typing(request: AgentRequest, chat_id: uuid.UUID) -> HttpResponse:
    posts.typing(agent=request.agent, chat=chosen(request, chat_id))
    return HttpResponse(status=204)


@require_POST
@chat_door
def reading(request: AgentRequest, chat_id: uuid.UUID) -> HttpResponse:
    seq = seq_of(request.POST.get("seq"))
    posts.read(agent=request.agent, chat=access.chat_for(request.agent, chat_id), seq=seq)
    return HttpResponse(status=204)


def chosen(request: AgentRequest, chat_id: uuid.UUID) -> DirectChat:
    return access.chat_for(request.agent, chat_id, request.GET.get("agent", ""))
