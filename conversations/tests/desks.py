"""An agent's desk without a browser: signed in, at the console's addresses."""

import pytest
from django.test import Client
from django.urls import reverse

from agents.models import Agent
from contactcenter.testing import ready, write
from conversations.models import Conversation, Inbox

OF_THE_PROJECT = {"home", "refresh", "availability", "transfer-all"}


def sign_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


def address(name: str, conversation: Conversation) -> str:
    slug = conversation.project.slug
    return reverse(
        f"console:{name}", args=[slug] if name in OF_THE_PROJECT else [slug, conversation.pk]
    )


@pytest.fixture
def held(web: Inbox, ana: Agent) -> Conversation:
    """A conversation that Ana serves."""
    ready(ana)
    return write(web, text="Where is my lamp?").conversation
