"""Which fragment goes to whose screens. Called by verbs only; all live updates of internal chat."""

from agents import live
from agents.models import Agent
from internalchat import directory, quoting
from internalchat.models import DirectChat, Post, PostFile

MESSAGE = "conversations/_message.html"
UPLOAD = "media/_upload.html"
READING = "console/_reading.html"
REMOVE = "console/_remove.html"
ROW = "internalchat/_row.html"
UNREAD = "internalchat/_unread.html"
COMPOSER = "internalchat/_composer.html"


def show_post(post: Post) -> None:
    """To both: the line, its chat's row, the number at the toolbar; to its author's colleague also
    how far it was read, for who writes has seen what stands there."""
    chat = post.chat
    people = {agent.pk: agent for agent in (chat.first, chat.second)}
    live.push(
        people,
        lambda agent_id: [
            *(
                (MESSAGE, {"message": each})
                for each in quoting.with_cards(people[agent_id], [post])
            ),
            *_standing(chat, agent_id),
            _reading(chat, agent_id),
        ],
        conversation=chat.pk,
        alike=False,
    )


def show_reading(chat: DirectChat, reader: Agent) -> None:
    """To the reader: nothing unread there. To the colleague: the ticks."""
    live.push(
        chat.members,
        lambda agent_id: (
            _standing(chat, agent_id) if agent_id == reader.pk else [_reading(chat, agent_id)]
        ),
        conversation=chat.pk,
        alike=False,
    )


def show_closed(chat: DirectChat) -> None:
    """To both: it can only be read."""
    live.push(
        chat.members,
        lambda agent_id: [
            (COMPOSER, {"chat": chat, "is_mine": False}),
            *_standing(chat, agent_id),
        ],
        conversation=chat.pk,
        alike=False,
    )


def show_file(brought: PostFile) -> None:
    """It has its verdict: the line where it was chosen. What is sent has had it before."""
    live.push([brought.agent_id], lambda agent_id: [(UPLOAD, {"attachment": brought})])


def tell_typing(chat: DirectChat, agent_id: int) -> None:
    colleague = chat.colleague_of(agent_id)
    live.tell(colleague.pk, type="typing", conversation=str(chat.pk))


def _standing(chat: DirectChat, agent_id: int) -> list[live.Fragment]:
    """Its row as it is now, or that it has none any more; and all that is unread."""
    rows = directory.chats(agent_id, pk=chat.pk)
    gone = [] if rows else [(REMOVE, {"element_id": f"direct-{chat.pk}"})]
    return [
        *((ROW, {"row": row}) for row in rows),
        *gone,
        (UNREAD, {"unread": directory.unread(agent_id)}),
    ]


def _reading(chat: DirectChat, agent_id: int) -> live.Fragment:
    """How far the colleague has read, as it is now."""
    now = DirectChat.objects.get(pk=chat.pk)
    return READING, {"id": chat.pk, "seq": now.read_by(now.colleague_of(agent_id).pk)}
