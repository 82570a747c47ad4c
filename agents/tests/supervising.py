"""The supervisors' site, as the stories open it."""

from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from agents.models import Agent, Project
from contactcenter.testing import arrivals, make_supervisor, order_status, ready
from contactcenter.tests.doors import ROOMS, chats_of, files_of, records_of
from conversations import closing
from conversations.models import Assignment, Delivery, Inbox
from media.models import Upload

PAGES = {
    model: page
    for model, page in admin.site._registry.items()
    if model.__module__.split(".")[0] in ROOMS
}
MODELS = sorted(PAGES, key=lambda model: model.__name__)


def names(model: type[Model]) -> str:
    return model.__name__


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


def to(model: type[Model], what: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=arguments)


def page(model: str, what: str, *arguments: object) -> str:
    """Of the one of conversations' models that has this name."""
    return reverse(f"admin:conversations_{model}_{what}", args=arguments)


@pytest.fixture
def life(shop: Project, web: Inbox, ana: Agent, sofia: Agent) -> Project:
    """A project with a row of every kind: Ana serves one, ended one; one waits."""
    ana.capacity = 1
    ana.save(update_fields=["capacity"])
    ready(ana)
    ended, *_ = arrivals(web, 3)
    closing.end(agent=ana, conversation=ended, typification=order_status(shop))
    records_of(ended, ana, "Ana")
    files_of(ended, ana, "Ana")
    chats_of(ana, ended, "Ana")
    Delivery.objects.create(message=ended.messages.get(), due_at=ended.started_at)
    return shop


@pytest.fixture
def stranger(mallory: Agent) -> Client:
    """The supervisor of Mallory's project."""
    return signed_in(make_supervisor(mallory.project, "Olga"))


def rows(model: type[Model], project: Project) -> list[Model]:
    """That project's rows."""
    path = PAGES[model].project_path
    if names(model) == "User":
        return list(model.objects.filter(agents__project=project))
    found = model.objects.filter(**{path: project.pk if path == "pk" else project})
    if model is Upload:  # what agents sent each other is not among the files of customers
        found = found.filter(postfile=None)
    return list(found)


@pytest.fixture
def site(sofia: Agent) -> Client:
    return signed_in(sofia)


def save(site: Client, row: Any, values: dict[str, Any]) -> Any:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return site.post(reverse(name, args=[row.pk]), values)


def served(agent: Agent) -> int:
    return Assignment.objects.filter(agent=agent, ended_at=None).count()
