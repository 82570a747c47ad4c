"""What the stories of internal chat begin with."""

import pytest

from agents.models import Agent, Project
from contactcenter.testing import ready
from internalchat.models import DirectChat
from internalchat.tests.writing import say


@pytest.fixture
def chat(ana: Agent, bruno: Agent) -> DirectChat:
    ready(ana)
    ready(bruno)
    return say(ana, bruno).chat


@pytest.fixture
def team(shop: Project, ana: Agent, bruno: Agent) -> tuple[Agent, Agent]:
    """Both are online."""
    return ready(ana), ready(bruno)
