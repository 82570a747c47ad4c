"""A chat between agents that a verb would never leave so is found."""

import uuid

import pytest
from django.db.models import F

from agents.models import Agent
from contactcenter import promises
from contactcenter.testing import make_agent, ready
from internalchat import posts
from internalchat.models import DirectChat

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(ana: Agent, bruno: Agent) -> DirectChat:
    ready(bruno)
    for text in ("one", "two", "three"):
        chat = DirectChat.between(ready(ana), bruno)
        posts.send(agent=ana, chat=chat, client_id=uuid.uuid4(), text=text)
    return DirectChat.objects.get()


def broken() -> list[str]:
    return [one.invariant.name for one in promises.check() if not one.holds]


def test_a_chat_as_the_verbs_leave_it_is_whole(chat: DirectChat) -> None:
    assert broken() == []


@pytest.mark.parametrize("damage", ["lost", "renumbered", "behind", "empty", "foreign"])
def test_each_damage_is_found(chat: DirectChat, damage: str) -> None:
    if damage == "lost":
        chat.posts.filter(seq=2).delete()
    elif damage == "renumbered":
        chat.posts.filter(seq=3).update(seq=9)
    elif damage == "behind":
        DirectChat.objects.update(last_seq=F("last_seq") + 1)
    elif damage == "empty":
        chat.posts.all().delete()
    else:
        chat.posts.filter(seq=1).update(agent=make_agent(chat.project, "Carla"))
    assert broken() == ["internal-chats-gapless"]
