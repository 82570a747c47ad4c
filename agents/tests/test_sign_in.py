"""Signing in (R2): one sentence for every failure, slowed after five, never off the site."""

import pytest
from axes.models import AccessAttempt
from django.http import HttpResponse
from django.test import Client

from agents.models import Agent, User
from agents.sessions import SessionStore
from contactcenter.testing import PASSWORD, make_project

pytestmark = pytest.mark.django_db


def sign_in(user: str, password: str, **data: str) -> tuple[Client, HttpResponse]:
    client = Client()
    return client, client.post("/login/", {"username": user, "password": password} | data)


def test_the_right_pair_leads_to_the_only_project(ana: Agent) -> None:
    client, answer = sign_in(ana.user.username, PASSWORD)
    assert answer.status_code == 302
    page = client.get(answer.url, follow=True)
    assert page.redirect_chain[-1][0] == f"/p/{ana.project.slug}/"


def test_who_works_in_two_projects_chooses(ana: Agent) -> None:
    """R7: both are listed, a third one is not."""
    second, third = make_project("Viajes Lago"), make_project("Clínica Parque")
    Agent.objects.create(user=ana.user, project=second)
    client, answer = sign_in(ana.user.username, PASSWORD)
    page = client.get(answer.url)
    assert ana.project.name in page.text
    assert second.name in page.text
    assert third.name not in page.text


@pytest.mark.parametrize("password", ["wrong", "", "x" * 5000, "\0"])
def test_a_wrong_pair_stays_with_one_sentence_and_keeps_the_user(ana: Agent, password: str) -> None:
    _, answer = sign_in(ana.user.username, password)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert ana.user.username in answer.text
    assert password not in answer.text or not password.strip("\0")


def test_unknown_inactive_and_wrong_look_the_same(ana: Agent, bruno: Agent) -> None:
    User.objects.filter(pk=bruno.user_id).update(is_active=False)
    alerts = set()
    for user, password in (
        ("nobody", "wrong"),
        (bruno.user.username, PASSWORD),
        (ana.user.username, "wrong"),
    ):
        text = sign_in(user, password)[1].text
        alerts.add(
            text[text.index('role="alert"') : text.index("</p>", text.index('role="alert"'))]
        )
    assert len(alerts) == 1


@pytest.mark.parametrize(
    "target",
    ["//evil.test", "https://evil.test/", "javascript:alert(1)", "/\\evil.test", "///evil.test"],
)
def test_next_never_leaves_the_site(ana: Agent, target: str) -> None:
    _, answer = sign_in(ana.user.username, PASSWORD, next=target)
    assert answer.url == "/projects/"


def test_a_bookmark_leads_back_after_sign_in(ana: Agent) -> None:
    """R8."""
    client = Client()
    bookmark = f"/p/{ana.project.slug}/"
    answer = client.get(bookmark)
    assert answer.url == f"/login/?next={bookmark}"
    data = {"username": ana.user.username, "password": PASSWORD, "next": bookmark}
    assert client.post("/login/", data).url == bookmark


def test_after_five_failures_one_waits(ana: Agent) -> None:
    statuses = [sign_in(ana.user.username, "wrong")[1].status_code for _ in range(6)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    slowed = sign_in(ana.user.username, PASSWORD)[1]
    assert slowed.status_code == 429
    assert 'role="alert"' in slowed.text
    AccessAttempt.objects.all().delete()  # the minute is over
    assert sign_in(ana.user.username, PASSWORD)[1].status_code == 302


def test_slowing_one_person_does_not_slow_another(ana: Agent, bruno: Agent) -> None:
    for _ in range(6):
        sign_in(ana.user.username, "wrong")
    assert sign_in(bruno.user.username, PASSWORD)[1].status_code == 302


def test_a_new_sign_in_starts_not_available(ana: Agent) -> None:
    """R22."""
    Agent.objects.update(is_available=True)
    sign_in(ana.user.username, PASSWORD)
    ana.refresh_from_db()
    assert not ana.is_available


def test_without_keep_me_signed_in_the_session_ends_with_the_browser(ana: Agent) -> None:
    client, _ = sign_in(ana.user.username, PASSWORD)
    assert client.session.get_expire_at_browser_close()
    client, _ = sign_in(ana.user.username, PASSWORD, remember="1")
    assert not client.session.get_expire_at_browser_close()


def test_the_language_of_the_sign_in_page_is_taken_along(ana: Agent) -> None:
    client = Client()
    client.post("/language/", {"language": "es", "next": "/login/"})
    assert "Ingresar" in client.get("/login/").text
    client.post("/login/", {"username": ana.user.username, "password": PASSWORD})
    ana.refresh_from_db()
    assert ana.language == "es"


def test_nobodys_agent_learns_whom_to_ask(db: None) -> None:
    """R6."""
    User.objects.create_user("new", password=PASSWORD)
    client, answer = sign_in("new", PASSWORD)
    page = client.get(answer.url)
    assert page.status_code == 403
    assert page.templates[0].name == "agents/no_access.html"


def test_the_walls_stand_on_every_page(ana: Agent) -> None:
    client, _ = sign_in(ana.user.username, PASSWORD)
    for page in ("/login/", "/projects/", f"/p/{ana.project.slug}/", "/nowhere/"):
        headers = client.get(page, follow=True).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_forged_host_is_refused(ana: Agent) -> None:
    assert Client().get("/login/", headers={"host": "evil.test"}).status_code == 400


def test_a_person_who_no_longer_belongs_learns_whom_to_ask(ana: Agent) -> None:
    client, _ = sign_in(ana.user.username, PASSWORD)
    Agent.objects.filter(pk=ana.pk).update(is_active=False)
    page = client.get(f"/p/{ana.project.slug}/")
    assert (page.status_code, page.templates[0].name) == (403, "agents/no_access.html")


def test_the_key_of_a_session_that_is_over_is_forgotten(ana: Agent) -> None:
    """Whoever still holds it must not find the next person's session under it."""
    over = SessionStore()
    over["person"] = ana.pk
    over.set_expiry(-1)
    over.save()
    for key in (over.session_key, "never-was-one-of-ours"):
        store = SessionStore(key)
        assert "person" not in store
        assert store.session_key is None
