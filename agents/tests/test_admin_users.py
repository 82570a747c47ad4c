"""Users and passwords in the supervisors' site: what may be set, and whose not (R4)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from agents.models import Agent, ConsoleSession, Project, User
from agents.tests.supervising import save, signed_in, site
from contactcenter.testing import PASSWORD, make_agent, make_project, make_supervisor, ready

__all__ = ["site"]  # a fixture
pytestmark = pytest.mark.django_db

NEW_PASSWORD = "a lamp in the window 7"
NEW = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}


def test_nobody_makes_a_superuser(site: Client, ana: Agent) -> None:
    sent = {
        "first_name": "Ana",
        "email": "ana@shop.example",
        "is_active": True,
        "is_superuser": True,
        "is_staff": True,
        "groups": [1],
        "username": "root",
        "password": "plain",
    }
    assert save(site, ana.user, sent).status_code == 302
    user = User.objects.get(pk=ana.user_id)
    assert (user.email, user.is_superuser, user.is_staff) == ("ana@shop.example", False, False)
    assert user.username == ana.user.username
    assert user.check_password(PASSWORD)


def password_page(user: User) -> str:
    return reverse("admin:agents_user_password", args=[user.pk])


def may_sign_in(username: str, password: str) -> bool:
    response = Client().post("/login/", {"username": username, "password": password})
    return response.status_code == 302


def test_a_forgotten_password_is_set_anew(site: Client, sofia: Agent, ana: Agent) -> None:
    """R4: Ana has no email."""
    assert (
        "Set a new password"
        in site.get(reverse("admin:agents_user_change", args=[ana.user_id])).text
    )
    assert site.post(password_page(ana.user), NEW).status_code == 302
    assert may_sign_in(ana.user.username, NEW_PASSWORD)
    entry = LogEntry.objects.get(user=sofia.user, object_id=str(ana.user_id))
    assert "password" in entry.get_change_message()
    assert NEW_PASSWORD not in entry.change_message


def test_a_new_password_ends_what_was_open_with_the_old_one(site: Client, ana: Agent) -> None:
    """P-15: the console's lease is over, the page is signed out."""
    desk = signed_in(ana)
    ready(ana)
    ConsoleSession.objects.filter(agent=ana).update(session_key=desk.session.session_key)
    site.post(password_page(ana.user), NEW)
    assert not Agent.objects.filter(pk=ana.pk).connected().exists()
    assert desk.get(f"/p/{ana.project.slug}/").status_code == 302


@pytest.mark.parametrize("weak", ["short", "12345678", "different"])
def test_a_weak_or_mistyped_password_is_refused(site: Client, ana: Agent, weak: str) -> None:
    pair = {"new_password1": weak, "new_password2": weak if weak != "different" else "diferent"}
    assert site.post(password_page(ana.user), pair).status_code == 200
    assert User.objects.get(pk=ana.user_id).check_password(PASSWORD)


def as_superuser(agent: Agent) -> None:
    User.objects.filter(pk=agent.user_id).update(is_superuser=True)


def as_staff(agent: Agent) -> None:
    User.objects.filter(pk=agent.user_id).update(is_staff=True)


def as_somebody_in_two_projects(agent: Agent) -> None:
    Agent.objects.create(user=agent.user, project=make_project("Viajes Lago"))


def as_somebody_who_was_elsewhere(agent: Agent) -> None:
    Agent.objects.create(user=agent.user, project=make_project("Viajes Lago"), is_active=False)


@pytest.mark.parametrize(
    "become",
    [as_superuser, as_staff, as_somebody_in_two_projects, as_somebody_who_was_elsewhere],
)
def test_a_supervisor_may_look_at_but_never_change_a_greater_account(
    site: Client, ana: Agent, become: Callable[[Agent], None]
) -> None:
    """Or a new password would open another project."""
    become(ana)
    page = reverse("admin:agents_user_change", args=[ana.user_id])
    assert site.get(page).status_code == 200
    assert "Set a new password" not in site.get(page).text
    assert save(site, ana.user, {"email": "mallory@evil.test"}).status_code == 403
    assert site.post(password_page(ana.user), NEW).status_code == 403
    history = reverse("admin:agents_user_history", args=[ana.user_id])
    assert site.get(history).status_code == 403, "others' supervisors stand in it"
    user = User.objects.get(pk=ana.user_id)
    assert user.check_password(PASSWORD)
    assert user.email == ""


def test_a_stranger_sets_nobodys_password(mallory: Agent, ana: Agent) -> None:
    stranger = signed_in(make_supervisor(mallory.project, "Olga"))
    assert stranger.post(password_page(ana.user), NEW).status_code == 404
    assert signed_in(ana).post(password_page(mallory.user), NEW).status_code == 403
    assert Client().post(password_page(ana.user), NEW).status_code == 302
    assert User.objects.get(pk=ana.user_id).check_password(PASSWORD)


def new_person(project: Project, **changed: Any) -> dict[str, Any]:
    return {
        "username": "carla.new",
        "first_name": "Carla",
        "email": "carla@shop.example",
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
        "project": project.pk,
        "is_agent": True,
        **changed,
    }


def test_somebody_new_is_an_agent_of_the_project_at_once(site: Client, shop: Project) -> None:
    response = site.post(reverse("admin:agents_user_add"), new_person(shop))
    carla = Agent.objects.get(user__username="carla.new")
    assert (carla.project, carla.is_agent, carla.is_supervisor) == (shop, True, False)
    assert response.url == reverse("admin:agents_agent_change", args=[carla.pk])
    assert may_sign_in("carla.new", NEW_PASSWORD)


def test_somebody_new_cannot_be_put_into_another_project(site: Client, mallory: Agent) -> None:
    values = new_person(mallory.project, is_superuser=True)
    assert site.post(reverse("admin:agents_user_add"), values).status_code == 200
    assert not User.objects.filter(username="carla.new").exists()


def test_somebody_new_is_never_more_than_the_form_says(site: Client, shop: Project) -> None:
    site.post(reverse("admin:agents_user_add"), new_person(shop, is_superuser=True, is_staff=True))
    carla = User.objects.get(username="carla.new")
    assert (carla.is_superuser, carla.is_staff) == (False, False)


def test_changing_ones_own_password_ends_the_other_sessions(shop: Project) -> None:
    rosa = make_agent(shop, "Rosa", is_supervisor=True)
    here, elsewhere = signed_in(rosa), signed_in(rosa)
    ready(rosa)
    rosa.consoles.update(session_key=elsewhere.session.session_key)
    values = {"old_password": PASSWORD, **NEW}
    assert here.post("/admin/password_change/", values).status_code == 302
    assert here.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    assert not Agent.objects.filter(pk=rosa.pk).connected().exists()
