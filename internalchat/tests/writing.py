"""Agents who write to each other, as the stories of internal chat begin."""

import uuid

from django.test import Client
from django.urls import reverse

from agents.models import Agent, Project
from internalchat import posts
from internalchat.models import DirectChat, Post

SECRET = "the lamp was never there"


def sign_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


def say(agent: Agent, colleague: Agent, text: str = SECRET, **options: object) -> Post:
    return posts.send(
        agent=agent,
        chat=DirectChat.between(agent, colleague),
        text=text,
        **{"client_id": uuid.uuid4(), **options},  # type: ignore[arg-type]
    )


def internal(project: Project, name: str = "home") -> str:
    return reverse(f"internal:{name}", args=[project.slug])
