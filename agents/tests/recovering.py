"""A lost password, as its stories ask for a link, open it and choose another."""

import re
import uuid
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client

from agents import publishing
from agents.models import Agent, User

NEW = "twelve purple lanterns"
WHOM_TO_ASK = "Ask the administrator of your campaign"


@pytest.fixture(autouse=True)
def nobody_asked_yet(settings: Any) -> None:
    """The counts of this hour, in the real Redis, are this story's own."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid.uuid4().hex}}
    settings.PUBLIC_URL = "https://chat.example.org"


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the worker was rung for; `worker_comes` does it."""
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(publishing, "ring", lambda *call, **later: calls.append(call))
    return calls


@pytest.fixture
def ana(ana: Agent) -> Agent:
    User.objects.filter(pk=ana.user_id).update(email=f"{ana.user.username}@shop.example")
    ana.user.refresh_from_db()
    return ana


def ask(named: str, client: Client | None = None, **extra: Any) -> HttpResponse:
    return (client or Client()).post("/login/recover/", {"username": named}, **extra)


def worker_comes(rung: list[tuple[Any, ...]]) -> None:
    while rung:
        task, *args = rung.pop(0)
        task(*args)


def path_in(mail: EmailMessage) -> str:
    found = re.search(r"https://chat\.example\.org(/login/recover/\S+)", str(mail.body))
    assert found, mail.body
    return found[1]


def choose(path: str, password: str = NEW, client: Client | None = None) -> HttpResponse:
    """Open the link and fill in its form; the answer to the last step."""
    client = client or Client()
    page = client.get(path, follow=True)
    if not page.context["validlink"]:
        return page
    form = page.redirect_chain[-1][0]
    return client.post(form, {"new_password1": password, "new_password2": password})


def signs_in(user: User, password: str) -> bool:
    data = {"username": user.username, "password": password}
    return Client().post("/login/", data).status_code == 302
