"""Who plays the agents of a run: people of the campaign who have no console open."""

import secrets
from collections.abc import Collection

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from agents.models import Agent, Campaign, User
from conversations import attending, closing
from conversations.models import Conversation, Typification
from conversations.simulation.desk import Desk


class NotEnough(Exception):
    """Fewer agents are free to be played than were asked for; `free` is how many are."""

    def __init__(self, free: int) -> None:
        super().__init__(str(free))
        self.free = free


def free_agents(campaign: Campaign, wanted: int) -> list[Agent]:
    """Raises NotEnough. Somebody with an open console is never played."""
    agents = Agent.objects.filter(campaigns=campaign, is_active=True, is_agent=True).filter(
        user__is_active=True
    )
    away = agents.exclude(pk__in=Agent.objects.online().values("pk")).order_by("pk")
    free = list(away.select_related("user", "project")[:wanted])
    if len(free) < wanted:
        raise NotEnough(len(free))
    return free


def typification_for(campaign: Campaign) -> Typification | None:
    """One that the dialog offers there and that asks for no comment."""
    blank = Conversation(project_id=campaign.project_id, campaign=campaign)
    return closing.offered(blank).filter(needs_comment=False).order_by("pk").first()


def session_for(user: User) -> str:
    """The key of a session as it is after signing in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "agents.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def seat(agent: Agent, address: str, typification: Typification, thinking: float) -> Desk:
    """A desk with a session of its own."""
    return Desk(
        name=agent.name,
        home=f"{address}/p/{agent.project.slug}/",
        cookies={
            settings.SESSION_COOKIE_NAME: session_for(agent.user),
            settings.CSRF_COOKIE_NAME: secrets.token_hex(16),
        },
        typification=typification.pk,
        thinking=thinking,
    )


def clear(agents: Collection[Agent], desks: Collection[Desk]) -> None:
    """The played agents go home: presence and sessions end."""
    for agent, desk in zip(agents, desks, strict=True):
        key = desk.cookies[settings.SESSION_COOKIE_NAME]
        attending.sign_out(user=agent.user, session_key=key)
        SessionStore(key).delete()
