"""Agents with a session each, and the chat where their customers write: for the load generator."""

import datetime as dt
import secrets
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from agents.models import ConsoleSession, User
from bench.inside.crowd import analyze, make_shop


def measure(*, agents: int, capacity: int) -> dict[str, Any]:
    """The channel, and each agent with project and session. They accept; nobody has a console open
    yet."""
    shop = make_shop(agents, capacity)
    staff = list(shop.agents.select_related("user").order_by("pk"))
    ConsoleSession.objects.filter(agent__in=staff).delete()
    sessions = [session_of(agent.user) for agent in staff]
    Session.objects.bulk_create(sessions)
    analyze()
    consoles = [
        (agent.pk, shop.slug, session.session_key)
        for agent, session in zip(staff, sessions, strict=True)
    ]
    return {"inbox": shop.inboxes.get().key, "consoles": consoles}


def session_of(user: User) -> Session:
    """As after signing in; not stored yet."""
    said = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: "agents.backends.ModelBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    return Session(
        session_key=secrets.token_hex(16),
        session_data=SessionStore().encode(said),
        expire_date=timezone.now() + dt.timedelta(days=1),
    )
