"""`create_agent` and `create_project`: how a real installation gets its first people."""

import io
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from agents.models import Agent, Campaign, Project, User
from contactcenter.testing import make_project
from conversations.models import Inbox, Typification

pytestmark = pytest.mark.django_db

PASSWORD = "a lamp in the window 7"


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def found(*arguments: str) -> dict[str, Any]:
    owner = ("--owner", "rosa@optica.example")
    return json.loads(run("create_project", "Mi Óptica", *owner, "--json", *arguments))


def may_sign_in(username: str, password: str) -> bool:
    response = Client().post("/login/", {"username": username, "password": password})
    return response.status_code == 302


# create_project


def test_a_new_project_works(settings: Any) -> None:
    """The owner signs in to console and admin, the chat opens, an ending finds a reason."""
    answer = found("--owner-name", "Rosa Peña", "--time-zone", "America/Bogota")
    project = Project.objects.get(slug="mi-optica")
    rosa = project.agents.get()
    assert (rosa.name, rosa.is_agent, rosa.is_supervisor) == ("Rosa Peña", True, True)
    assert list(rosa.campaigns.all()) == list(project.campaigns.all())
    client = Client()
    values = {"username": "rosa@optica.example", "password": answer["password"]}
    assert client.post("/login/", values).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert client.get("/p/mi-optica/").status_code == 200
    assert Client().get(f"/webchat/{answer['inbox']}/").status_code == 200
    assert set(project.typifications.exclude(reserved="").values_list("reserved", flat=True)) == {
        kind.value for kind in Typification.Reserved
    }
    assert Typification.objects.filter(project=project, parent__isnull=False).count() >= 5
    assert answer["addresses"]["Chat"].startswith(settings.PUBLIC_URL)


def test_the_web_chats_key_cannot_be_guessed() -> None:
    keys = {found()["inbox"], found("--slug", "second")["inbox"]}
    assert len(keys) == 2
    assert all(len(key) >= 16 for key in keys)


def test_the_password_is_printed_once_and_only_if_it_was_made() -> None:
    said = run("create_project", "Mi Óptica", "--owner", "rosa@optica.example")
    (made,) = [line.split()[-1] for line in said.splitlines() if "shown only now" in line]
    assert may_sign_in("rosa@optica.example", made)
    assert said.splitlines()[-1] == "Created Mi Óptica. rosa@optica.example can sign in now."
    again = found("--slug", "second")
    assert again["password"] is None, "somebody who can sign in keeps their password"
    assert User.objects.count() == 1


def test_scripts_give_the_password() -> None:
    said = run("create_project", "Mi Óptica", "--owner", "rosa@optica.example", "--password-stdin")
    assert PASSWORD not in said
    assert may_sign_in("rosa@optica.example", PASSWORD)


def test_the_same_address_twice_is_a_clear_error() -> None:
    found()
    with pytest.raises(CommandError, match="The address mi-optica is taken"):
        found()
    assert Project.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--time-zone", "Moon/Crater"), "There is no time zone of this name"),
        (("--slug", "not a slug"), "slug"),
    ],
)
def test_a_mistake_is_a_sentence_and_makes_nothing(
    arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        found(*arguments)
    assert not Project.objects.exists()
    assert not User.objects.exists()


def test_a_weak_password_makes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("12345\n"))
    with pytest.raises(CommandError, match="too short"):
        found("--password-stdin")
    assert not Project.objects.exists()


def test_an_owner_without_an_email_is_refused() -> None:
    with pytest.raises(CommandError, match="email"):
        run("create_project", "Mi Óptica", "--owner", "rosa")


def test_in_spanish_with_several_campaigns() -> None:
    found("--language", "es", "--campaign", "Ventas", "--campaign", "Soporte")
    assert Agent.objects.get().language == "es"
    assert set(Campaign.objects.values_list("name", flat=True)) == {"Ventas", "Soporte"}
    assert Inbox.objects.get().campaign.name == "Ventas"


# create_agent


def hire(project: Project, *arguments: str) -> dict[str, Any]:
    return json.loads(run("create_agent", project.slug, "luis", "--json", *arguments))


def test_a_new_agent_can_work(shop: Project) -> None:
    Campaign.objects.create(project=shop, name="Sales")
    answer = hire(
        shop,
        *("--name", "Luis Gil Ruiz", "--email", "luis@shop.example", "--campaign", "Sales"),
        *("--capacity", "3", "--language", "es"),
    )
    luis = Agent.objects.get(user__username="luis")
    assert (luis.name, luis.user.last_name) == ("Luis Gil Ruiz", "Gil Ruiz")
    assert (luis.limit, luis.language, luis.is_supervisor) == (3, "es", False)
    assert [campaign.name for campaign in luis.campaigns.all()] == ["Sales"]
    assert may_sign_in("luis", answer["password"])


def test_without_a_campaign_all_of_them(shop: Project) -> None:
    assert hire(shop)["campaigns"] == ["Support"]


def test_a_supervisor_without_a_console(shop: Project) -> None:
    assert hire(shop, "--supervisor", "--no-console")["roles"] == "supervisor"
    luis = Agent.objects.get(user__username="luis")
    assert (luis.is_agent, luis.is_supervisor) == (False, True)


def test_somebody_known_joins_with_the_password_they_have(shop: Project) -> None:
    made = hire(shop)["password"]
    answer = hire(make_project("Viajes Lago"))
    assert answer["password"] is None
    assert User.objects.filter(username="luis").count() == 1
    assert may_sign_in("luis", made)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("--campaign", "Nowhere"),
            "No such campaign in Tienda Norte: Nowhere. There are: Support",
        ),
        (("--capacity", "400"), "less than or equal to 100"),
        (("--email", "no-mail"), "email"),
        (("--no-console",), "leaves nothing to do"),
    ],
)
def test_a_mistake_leaves_nobody_behind(
    shop: Project, arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        hire(shop, *arguments)
    assert not User.objects.filter(username="luis").exists()


def test_twice_into_one_project_is_refused(shop: Project) -> None:
    hire(shop)
    with pytest.raises(CommandError, match="already exists"):
        hire(shop)


def test_an_unknown_project_lists_what_there_is(shop: Project) -> None:
    with pytest.raises(CommandError, match=shop.slug):
        run("create_agent", "nowhere", "luis")
