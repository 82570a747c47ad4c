"""Tricks that would show, choose or change another project in the supervisors' site (P-14, R80)."""

import pytest
from django.test import Client

from agents.models import Agent, Project
from agents.tests.supervising import MODELS, life, rows, signed_in, stranger, to
from conversations.models import Inbox, Message

__all__ = ["life", "stranger"]  # fixtures
pytestmark = pytest.mark.django_db


def test_autocomplete_offers_nothing_of_another_project(
    life: Project, stranger: Client, mallory: Agent
) -> None:
    def offered(app: str, model: str, field: str) -> list[str]:
        where = {"app_label": app, "model_name": model, "field_name": field, "term": ""}
        response = stranger.get("/admin/autocomplete/", where)
        return [row["text"] for row in response.json()["results"]]

    assert str(life) not in offered("agents", "campaign", "project")
    assert offered("agents", "campaign", "project") == [str(mallory.project)]
    everybody = {agent.user.username for agent in mallory.project.agents.all()}
    assert set(offered("agents", "agent", "user")) == everybody
    assert offered("conversations", "inbox", "campaign") == ["Support"]
    contacts = offered("conversations", "conversation", "contact")
    assert contacts == []


def test_to_field_and_popups_give_no_other_columns(sofia: Agent) -> None:
    client = signed_in(sofia)
    for field in ("password", "email", "no_such_field"):
        page = to(type(sofia.user), "changelist")
        assert client.get(page, {"_to_field": field, "_popup": 1}).status_code == 400


def test_a_filter_through_another_table_is_refused(life: Project, stranger: Client) -> None:
    for lookup in (
        "user__password__startswith",
        "user__email__startswith",
        "project__slug__startswith",
        "campaigns__project__name",
    ):
        assert stranger.get(to(Agent, "changelist"), {lookup: "p"}).status_code == 400, lookup


def test_view_on_site_cannot_be_used_to_look_up_any_object(life: Project, stranger: Client) -> None:
    """Django's shortcut would redirect to the address of any row of any project."""
    assert stranger.get(f"/admin/r/1/{life.pk}/").status_code == 404


def test_nobody_deletes_in_bulk(life: Project, sofia: Agent) -> None:
    message = Message.objects.first()
    for model in MODELS:
        before = model.objects.count()
        picked = [str(row.pk) for row in rows(model, life)]
        signed_in(sofia).post(
            to(model, "changelist"),
            {"action": "delete_selected", "_selected_action": picked, "post": "yes"},
        )
        assert model.objects.count() == before, model
    assert Message.objects.filter(pk=message.pk).exists()


def test_a_supervisor_of_two_projects_sees_both_and_mixes_nothing(
    life: Project, sofia: Agent, mallory: Agent
) -> None:
    """A channel of the one never leads to a campaign of the other."""
    clinic = mallory.project
    Agent.objects.create(user=sofia.user, project=clinic, is_agent=False, is_supervisor=True)
    client = signed_in(sofia)
    assert client.get(to(Project, "changelist")).context["cl"].result_count == 2
    assert f"{clinic}: Support" in client.get(to(Inbox, "add")).text
    values = {
        "project": life.pk,
        "campaign": clinic.campaigns.get().pk,
        "kind": "webchat",
        "key": "mixed",
        "name": "Mixed",
    }
    response = client.post(to(Inbox, "add"), values)
    assert "another project" in response.text
    assert not Inbox.objects.filter(key="mixed").exists()
