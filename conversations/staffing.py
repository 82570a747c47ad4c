"""Who works, where and how much is changed, or a password: queue and consoles follow at once."""

from collections.abc import Collection

from django.db import transaction

from agents import preferences, recovery
from agents.models import Agent, ConsoleSession, User
from agents.reasons import DEACTIVATED
from conversations import attending, broadcasts, routing
from conversations.models import Assignment
from conversations.teams import Given


def refit(*, project_id: int) -> list[Given]:
    """Limits, campaigns or roles changed: whoever has room now gets work. Returns what was given.

    Nothing is taken away from anybody (promise P-04).
    """
    with transaction.atomic():
        now = routing.lock(project_id)
        agents = Agent.objects.filter(project=project_id, is_active=True).connected()
        broadcasts.ask_anew(agents.values_list("pk", flat=True))  # their limits stand there
        broadcasts.show_queue(project_id)
        return routing.fill(project_id, now=now)


def withdraw(agents: Collection[Agent]) -> int:
    """They may not answer any more: no new work. Returns how many conversations they still hold.

    Their consoles close within seconds, when the lease is not renewed (promise P-15).
    """
    for agent in agents:
        attending.stop(agent=agent, reason=DEACTIVATED)
    return Assignment.objects.filter(agent__in=agents, ended_at=None).count()


def recover(*, user: User, token: str, password: str) -> None:
    """A new password by the link of a mail; whoever was in with the old one is out.

    Raises recovery.LinkUsed.
    """
    with transaction.atomic():
        recovery.change_password(user=user, token=token, password=password)
        end_sessions(user=user)


def prefer(*, agent: Agent, language: str, theme: str) -> None:
    """The agent's own language and theme: their open consoles change with them."""
    with transaction.atomic():
        if preferences.change(agent=agent, language=language, theme=theme):
            broadcasts.ask_anew([agent.pk])


def change_password(*, user: User, old: str, new: str, but: str) -> None:
    """A new password by whoever knows the old one; `but` is the session that may go on.

    Raises preferences.WrongPassword.
    """
    with transaction.atomic():
        preferences.change_password(user=user, old=old, new=new)
        end_sessions(user=user, but=but)


def end_sessions(*, user: User, but: str = "") -> None:
    """A new password: consoles that were opened with the old one close now.

    Pages of those sessions are signed out by the password's hash. `but` is the session key of
    whoever changed their own.
    """
    consoles = ConsoleSession.objects.filter(agent__user=user, closed_at=None)
    keys = consoles.exclude(session_key=but).values_list("session_key", flat=True)
    for key in sorted(set(keys)):
        attending.sign_out(user=user, session_key=key)
