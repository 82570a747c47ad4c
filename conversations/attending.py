"""An agent at work: being there, taking work, opening a conversation, reading it."""

from django.db import connection, transaction
from django.db.models.functions import Now

from agents import live, presence
from agents.models import Agent, User
from conversations import broadcasts, routing, wrapping_up
from conversations.models import Assignment, Conversation

COME_BACK = """
UPDATE conversations_assignment SET left_at = NULL
WHERE agent_id = %s AND ended_at IS NULL AND left_at IS NOT NULL
"""


class NoConsole(Exception):
    """Nobody can be available without an open console."""


class UnknownReason(Exception):
    """Nobody offers this reason."""


def accept(*, agent: Agent) -> None:
    """Available from now on; the queue starts to come in. Pressing twice is one press.

    Raises NoConsole without an open console.
    """
    with transaction.atomic():
        now = routing.lock(agent.project_id)
        if not presence.is_connected(agent):
            raise NoConsole
        if presence.declare(agent=agent, is_available=True):
            broadcasts.show_availability(agent)
            broadcasts.show_queue(agent.project_id)
        routing.fill(agent.project_id, now=now)


def stop(*, agent: Agent, reason: str = "") -> None:
    """Not available: open conversations stay, nothing new comes."""
    with transaction.atomic():
        routing.lock(agent.project_id)
        if presence.declare(agent=agent, is_available=False, reason=reason):
            broadcasts.show_availability(agent)
            broadcasts.show_queue(agent.project_id)


def explain(*, agent: Agent, reason: str) -> None:
    """Not available, for one of the project's reasons; its time begins now.

    Raises UnknownReason for one that is not offered (any more).
    """
    with transaction.atomic():
        routing.lock(agent.project_id)
        if not agent.project.offered_reasons.filter(name=reason).exists():
            raise UnknownReason
        if presence.explain(agent=agent, reason=reason):
            broadcasts.show_availability(agent)
            broadcasts.show_queue(agent.project_id)


def arrive(*, agent: Agent, session_key: str) -> int:
    """A console opened; returns its id. Whoever was available gets work again at once; what they
    left when they went home is theirs again, where nobody else has it by now."""
    console_id = presence.arrive(agent=agent, session_key=session_key)
    with connection.cursor() as cursor:
        cursor.execute(COME_BACK, [agent.pk])
    broadcasts.show_queue(agent.project_id)
    if agent.is_available:
        routing.fill(agent.project_id)
    return console_id


def leave(*, agent: Agent, console_id: int) -> None:
    presence.leave(console_id=console_id)
    broadcasts.show_queue(agent.project_id)


def sign_out(*, user: User, session_key: str) -> list[Agent]:
    """End this session's consoles and presence at once, in all its tabs; returns whom of the
    person's agents that leaves without a console."""
    gone = presence.sign_out(user=user, session_key=session_key)
    for agent in gone:
        wrapping_up.stop(agent=agent)
        broadcasts.show_queue(agent.project_id)
    agents = Agent.objects.filter(user=user).values_list("pk", flat=True)
    live.close_consoles(session_key, agents)
    return gone


def expire() -> list[Agent]:
    """Turn those who vanished to Not available (presence.expire), and say so."""
    gone = presence.expire()
    for agent in gone:
        with transaction.atomic():
            broadcasts.show_availability(agent)
            broadcasts.show_queue(agent.project_id)
    return gone


def open_conversation(*, agent: Agent, conversation: Conversation) -> None:
    """Seen for the first time: the green dot goes, in all the agent's tabs."""
    with transaction.atomic():
        opened = Assignment.objects.filter(
            conversation=conversation, agent=agent, ended_at=None, opened_at=None
        ).update(opened_at=Now())
        if opened:
            broadcasts.show_conversation(conversation, agent.pk)


def read(*, agent: Agent, conversation: Conversation, seq: int) -> None:
    """The agent has seen everything up to `seq`; it never goes back."""
    seq = min(seq, conversation.last_seq)
    with transaction.atomic():
        seen = Conversation.objects.filter(
            pk=conversation.pk,
            agent_read_seq__lt=seq,
            assignments__agent=agent,
            assignments__ended_at=None,
        ).update(agent_read_seq=seq)
        if seen:
            broadcasts.show_conversation(conversation, agent.pk)
            broadcasts.tell_read(conversation, seq)


def typing(*, agent: Agent, conversation: Conversation) -> None:
    """The customer sees that somebody is writing."""
    if Assignment.objects.filter(conversation=conversation, agent=agent, ended_at=None).exists():
        broadcasts.tell_typing(conversation)
