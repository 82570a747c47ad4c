"""The profile's doors: what an agent changes there, and nothing else."""

import pytest
from django.test import Client

from agents import presence
from agents.models import Agent
from contactcenter.testing import PASSWORD, make_agent, make_supervisor

pytestmark = pytest.mark.django_db
NEW = "twelve purple lanterns"
FIELDS = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


def page(agent: Agent) -> str:
    return f"/p/{agent.project.slug}/profile/"


def test_language_and_theme_are_saved_and_answered_in_the_new_language(ana: Agent) -> None:
    client = signed_in(ana)
    answer = client.post(page(ana), {"language": "es", "theme": "dark"}, follow=True)
    assert answer.redirect_chain == [(page(ana), 302)]
    assert 'lang="es" data-theme="dark"' in answer.content.decode()
    assert "Guardado." in answer.content.decode()
    assert client.cookies["django_language"].value == "es"  # the next sign-in keeps it
    ana.refresh_from_db()
    assert (ana.language, ana.theme) == ("es", "dark")


@pytest.mark.parametrize(
    "form", [{"language": "xx", "theme": ""}, {"language": "en", "theme": "neon"}, {}]
)
def test_what_is_not_offered_is_refused_and_changes_nothing(
    ana: Agent, form: dict[str, str]
) -> None:
    answer = signed_in(ana).post(page(ana), form)
    assert answer.status_code == 422
    assert "Choose a language and a theme from the list." in answer.content.decode()
    ana.refresh_from_db()
    assert (ana.language, ana.theme) == ("en", "")


def test_the_form_takes_nothing_but_language_and_theme(ana: Agent) -> None:
    more = {"is_supervisor": "on", "capacity": "99", "is_available": "on", "is_active": ""}
    before = Agent.objects.filter(pk=ana.pk).values().get()
    signed_in(ana).post(page(ana), {"language": "en", "theme": "light", **more})
    assert Agent.objects.filter(pk=ana.pk).values().get() == {**before, "theme": "light"}


def test_a_new_password_keeps_this_session_and_ends_the_others(ana: Agent) -> None:
    here, elsewhere = signed_in(ana), signed_in(ana)
    for client in (here, elsewhere):
        presence.arrive(agent=ana, session_key=client.session.session_key or "")
    kept = here.session.session_key
    answer = here.post(f"{page(ana)}password/", FIELDS, follow=True)
    assert "Your password was changed." in answer.content.decode()
    assert here.get(page(ana)).status_code == 200
    assert elsewhere.get(page(ana)).status_code == 302
    assert list(ana.consoles.filter(closed_at=None).values_list("session_key", flat=True)) == [kept]
    ana.user.refresh_from_db()
    assert ana.user.check_password(NEW)
    assert here.session.session_key != kept  # whoever knew the old key is out, too


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"old_password": "guessed"}, "old password was entered incorrectly"),
        ({"new_password2": "another one"}, "didn’t match"),
        ({"new_password1": "short", "new_password2": "short"}, "too short"),
        ({"new_password1": "", "new_password2": ""}, "This field is required."),
    ],
)
def test_a_password_that_will_not_do_says_why(
    ana: Agent, change: dict[str, str], says: str
) -> None:
    client = signed_in(ana)
    other = signed_in(ana)
    answer = client.post(f"{page(ana)}password/", FIELDS | change)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert other.get(page(ana)).status_code == 200
    ana.user.refresh_from_db()
    assert ana.user.check_password(PASSWORD)


def test_guessing_the_present_password_is_slowed(ana: Agent) -> None:
    client = signed_in(ana)
    tries = [
        client.post(f"{page(ana)}password/", FIELDS | {"old_password": str(n)}) for n in range(6)
    ]
    assert [answer.status_code for answer in tries] == [422] * 5 + [429]
    assert client.post(f"{page(ana)}password/", FIELDS).status_code == 429  # the right one waits


def test_strangers_find_no_profile(ana: Agent, mallory: Agent) -> None:
    sofia = make_supervisor(ana.project)
    for address in (page(ana), f"{page(ana)}password/"):
        assert Client().get(address).status_code == 302
        assert signed_in(mallory).post(address, FIELDS).status_code == 404
        assert signed_in(sofia).get(address).status_code == 403  # she does not answer customers
    ana.user.refresh_from_db()
    assert ana.user.check_password(PASSWORD)


def test_it_names_what_customers_see(ana: Agent) -> None:
    ana.user.last_name = "Beltrán <b>"
    ana.user.save()
    html = signed_in(ana).get(page(ana)).content.decode()
    assert "<b>Ana</b>" in html and "Ana Beltrán &lt;b&gt;" in html
    assert make_agent(ana.project, "Bruno").name not in html
