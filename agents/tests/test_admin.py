"""The supervisors' site lets nobody see, find, choose or change another project (P-14, R80)."""

import json

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse

from agents.admin import SECRETS, SupervisedAdmin, SupervisedFilter
from agents.models import Agent, Campaign, Project
from contactcenter.testing import (
    PASSWORD,
    arrivals,
    make_agent,
    make_project,
    make_supervisor,
    order_status,
    ready,
)
from contactcenter.tests.doors import records_of
from conversations import closing, routing
from conversations.models import Delivery, Inbox, Message
from conversations.setup_pages import FormFieldInline

pytestmark = pytest.mark.django_db

PAGES = {
    model: page
    for model, page in admin.site._registry.items()
    if model.__module__.split(".")[0] in {"agents", "conversations"}
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


@pytest.fixture
def life(shop: Project, web: Inbox, ana: Agent, sofia: Agent) -> Project:
    """A project with a row of every kind: Ana serves one, ended one; one waits."""
    ana.capacity = 1
    ana.save(update_fields=["capacity"])
    ready(ana)
    ended, *_ = arrivals(web, 3)
    closing.end(agent=ana, conversation=ended, typification=order_status(shop))
    records_of(ended, ana, "Ana")
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
    return list(model.objects.filter(**{path: project.pk if path == "pk" else project}))


# Who comes in


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_signed_out_leads_to_the_one_sign_in_and_back(model: type[Model]) -> None:
    page = to(model, "changelist")
    response = Client().get(page)
    assert (response.status_code, response.url) == (302, f"/login/?next={page}")


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_the_agent_permission_alone_opens_no_page(
    model: type[Model], life: Project, ana: Agent
) -> None:
    """R80: refused, with who can grant it."""
    Project.objects.filter(pk=life.pk).update(administrator_contact="boss@shop.example")
    (first, *_rest) = rows(model, life)
    for page in (
        "/admin/",
        to(model, "changelist"),
        to(model, "change", first.pk),
        to(model, "history", first.pk),
        to(model, "delete", first.pk),
        to(model, "add"),
    ):
        response = signed_in(ana).get(page)
        assert response.status_code == 403, page
        assert "boss@shop.example" in response.text
        assert signed_in(ana).post(page).status_code == 403, page


def test_the_admins_own_sign_in_is_the_products(sofia: Agent) -> None:
    assert Client().get("/admin/login/?next=/admin/agents/agent/").url == (
        "/login/?next=/admin/agents/agent/"
    )
    assert Client().get("/login/?next=//evil.test").status_code == 200
    client = Client()
    response = client.post(
        "/login/?next=/admin/",
        {"username": sofia.user.username, "password": PASSWORD, "next": "/admin/"},
    )
    assert response.url == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("field", ["is_active", "is_supervisor"])
def test_a_role_that_was_withdrawn_closes_the_site(sofia: Agent, field: str) -> None:
    client = signed_in(sofia)
    assert client.get("/admin/").status_code == 200
    Agent.objects.filter(pk=sofia.pk).update(**{field: False})
    assert client.get("/admin/").status_code == 403


def test_signing_out_from_the_admin_ends_presence_too(shop: Project) -> None:
    both = make_agent(shop, "Rosa", is_supervisor=True)
    ready(both)
    client = signed_in(both)
    both.consoles.update(session_key=client.session.session_key)
    assert client.post("/admin/logout/").url == "/login/"
    assert not Agent.objects.filter(pk=both.pk).online().exists()


# What they see


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_a_supervisor_sees_the_rows_of_the_project(
    model: type[Model], life: Project, sofia: Agent
) -> None:
    mine = rows(model, life)
    assert mine, "the story has a row of every kind"
    client = signed_in(sofia)
    listed = client.get(to(model, "changelist"))
    assert listed.context["cl"].result_count == len(mine)
    for what in ("change", "history"):
        assert client.get(to(model, what, mine[0].pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_a_stranger_sees_none_of_them_and_guesses_in_vain(
    model: type[Model], life: Project, stranger: Client
) -> None:
    theirs = rows(model, life)[0]
    listed = stranger.get(to(model, "changelist"))
    shown = {row.pk for row in listed.context["cl"].result_list}
    assert not shown & {row.pk for row in rows(model, life)}
    for what in ("change", "history"):
        guessed = stranger.get(to(model, what, theirs.pk))
        assert (guessed.status_code, guessed.url) == (302, "/admin/")
    refused = [
        stranger.post(to(model, "change", theirs.pk), {"name": "Mallory was here"}).status_code,
        stranger.get(to(model, "delete", theirs.pk)).status_code,
        stranger.post(to(model, "delete", theirs.pk), {"post": "yes"}).status_code,
    ]
    assert set(refused) <= {302, 403}
    assert model.objects.filter(pk=theirs.pk).exists()
    assert "Mallory was here" not in json.dumps(
        list(model.objects.filter(pk=theirs.pk).values()), default=str
    )


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_searching_does_not_find_them_either(
    model: type[Model], life: Project, stranger: Client
) -> None:
    for word in ("Lucía", "Ana", "Support", "a", "1"):
        found = stranger.get(to(model, "changelist"), {"q": word}).context["cl"].result_list
        assert not {row.pk for row in found} & {row.pk for row in rows(model, life)}


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_filters_and_choices_name_nothing_of_another_project(
    model: type[Model], life: Project, stranger: Client
) -> None:
    ours = Campaign.objects.create(project=life, name="Our secret campaign")
    life.name = "Our secret project"
    life.save(update_fields=["name"])
    texts = [stranger.get(to(model, "changelist")).text]
    if (added := stranger.get(to(model, "add"))).status_code == 200:
        texts.append(added.text)
    for text in texts:
        assert ours.name not in text
        assert life.name not in text
        assert "Sofía" not in text


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_no_page_shows_or_searches_what_proves_an_identity(
    model: type[Model], life: Project, sofia: Agent
) -> None:
    request = RequestFactory().get("/")
    request.user = sofia.user
    page, row = PAGES[model], rows(model, life)[0]
    shown = set(flatten_fieldsets(page.get_fieldsets(request, row)))
    assert not SECRETS & (shown | set(page.list_display) | set(page.get_search_fields(request)))
    client = signed_in(sofia)
    for name in SECRETS & {field.name for field in model._meta.get_fields()}:
        spelled = client.get(to(model, "changelist"), {f"{name}__startswith": "p"})
        assert spelled.status_code == 400


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_every_page_is_built_on_the_gate(model: type[Model]) -> None:
    """A page of Django's own kind would list every project."""
    page = PAGES[model]
    assert isinstance(page, SupervisedAdmin)
    request = RequestFactory().get("/")
    related = [
        filter_
        for filter_ in page.get_list_filter(request)
        if isinstance(filter_, str) and model._meta.get_field(filter_).is_relation
    ]
    assert related == []
    # An inline needs a test of its own: these have them in conversations/tests/test_admin.py.
    assert set(page.inlines) <= {FormFieldInline}
    assert page.has_delete_permission(request) is False


def test_related_filters_are_ours(sofia: Agent) -> None:
    request = RequestFactory().get("/")
    request.user = sofia.user
    filters = dict(
        pair for pair in PAGES[Agent].get_list_filter(request) if isinstance(pair, tuple)
    )
    assert filters == {"project": SupervisedFilter, "campaigns": SupervisedFilter}


# Tricks


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


def test_a_superuser_sees_every_project(life: Project, mallory: Agent, sofia: Agent) -> None:
    sofia.user.is_superuser = True
    sofia.user.save(update_fields=["is_superuser"])
    listed = signed_in(sofia).get(to(Project, "changelist"))
    assert listed.context["cl"].result_count == 2


def test_the_site_speaks_spanish(life: Project, sofia: Agent) -> None:
    page = signed_in(sofia).get(to(Agent, "changelist"), headers={"accept-language": "es"})
    assert '<html lang="es"' in page.text


def test_long_lists_are_counted_no_further_than_anybody_turns_pages(
    life: Project, sofia: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project()
    monkeypatch.setattr("agents.admin.CappedPaginator.MOST", 2)
    routing.fill(life.pk)
    listed = signed_in(sofia).get("/admin/conversations/conversation/")
    assert listed.context["cl"].result_count == 2
