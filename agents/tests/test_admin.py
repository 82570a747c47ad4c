"""Who comes into the supervisors' site, and that nobody sees another project there (P-14, R80)."""

import json

import pytest
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Model
from django.test import Client, RequestFactory

from agents.admin import SECRETS, SupervisedAdmin, SupervisedFilter
from agents.models import Agent, Campaign, Project
from agents.tests.supervising import MODELS, PAGES, life, names, rows, signed_in, stranger, to
from contactcenter.testing import PASSWORD, make_agent, make_project, ready
from conversations import routing
from conversations.setup_pages import FormFieldInline
from media.admin import RuleInline

__all__ = ["life", "stranger"]  # fixtures
pytestmark = pytest.mark.django_db


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
    # An inline needs a test of its own: test_admin_inboxes.py, test_rules_page.py.
    assert set(page.inlines) <= {FormFieldInline, RuleInline}
    assert page.has_delete_permission(request) is False


def test_related_filters_are_ours(sofia: Agent) -> None:
    request = RequestFactory().get("/")
    request.user = sofia.user
    filters = dict(
        pair for pair in PAGES[Agent].get_list_filter(request) if isinstance(pair, tuple)
    )
    assert filters == {"project": SupervisedFilter, "campaigns": SupervisedFilter}


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
