"""Attack: the pages themselves. Policies on every answer, caches, frames, files, addresses."""

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from agents.models import Agent
from contactcenter.testing import arrivals, make_agent, ready
from contactcenter.tests.doors import CONSOLE, doors
from conversations.models import Conversation, Inbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def carla(web: Inbox) -> Agent:
    """An agent who supervises too: every page is open to her."""
    return ready(make_agent(web.project, "Carla", is_supervisor=True))


@pytest.fixture
def held(web: Inbox, carla: Agent) -> Conversation:
    return arrivals(web, 1)[0]


def signed_in(agent: Agent) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


def addresses(held: Conversation, carla: Agent) -> list[str]:
    """Of every door, and some that are none."""
    values = {
        "project": carla.project.slug,
        "conversation_id": held.pk,
        "chat_id": held.pk,
        "colleague_id": 1,
        "upload_id": held.pk,
        "wrap_up_id": 1,
        "key": held.inbox.key,
        "uidb64": "MQ",
        "token": "forged",
        "name": "lamp.png",
        "app_label": "agents",
        "url": "nowhere/",
        "offer_id": 1,
        "reply_id": 1,
        "note_id": held.pk,
        "contact_id": held.contact_id,
        "other_id": held.contact_id,
        "object_id": carla.pk,
        "user_id": carla.user_id,
    }
    wrong = ["/nowhere/", "/p/nowhere/", "/webchat/nowhere/", "/login/%ff", "/p/a%00b/", "/%2e%2e/"]
    return [door.address(values) for door in doors() if "logout" not in door.route] + wrong


def test_the_policies_stand_on_every_answer(held: Conversation, carla: Agent) -> None:
    """No inline script, no eval, nobody frames us (but the sites of an inbox its chat), no guessing
    of types; on errors as well."""
    client, sharp = (
        signed_in(carla),
        Client(enforce_csrf_checks=True, raise_request_exception=False),
    )
    for path in addresses(held, carla):
        for answer in (client.get(path), client.post(path), sharp.post(path)):
            check_policies(answer, path)


def check_policies(answer: HttpResponse, path: str) -> None:
    headers = answer.headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert answer.status_code < 500, path
    assert policy["default-src"] == "'none'", path
    assert policy["script-src"] == "'self'", path
    assert policy["style-src"] == "'self'", path
    assert policy["base-uri"] == policy["object-src"] == "'none'", path
    assert policy["form-action"] == "'self'", path
    assert headers["X-Content-Type-Options"] == "nosniff", path
    assert headers["Referrer-Policy"] == "same-origin", path
    if path.startswith("/webchat/"):
        return  # test_webchat_pages tells who may frame it
    assert policy["frame-ancestors"] == "'none'", path
    assert headers["X-Frame-Options"] == "DENY", path


def test_an_error_of_ours_has_the_policies_too_and_tells_nothing(
    carla: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the database's password is hunter2")

    monkeypatch.setattr("conversations.views.console.page", breaks)
    answer = signed_in(carla).get(f"/p/{carla.project.slug}/")
    assert answer.status_code == 500
    assert "hunter2" not in answer.text and "Traceback" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_no_cache_keeps_what_is_somebodys(held: Conversation, carla: Agent) -> None:
    """The Back button of the next person at this computer, and proxies in between."""
    client = signed_in(carla)
    for path in addresses(held, carla):
        answer = client.get(path)
        if path.startswith("/webchat/") and path.endswith("loader.js"):
            continue  # the same for everybody
        assert {"no-store", "no-cache"} & words(answer), path
        assert "public" not in words(answer), path
        if path.startswith(("/p/", "/admin/", "/projects/", "/login/")) and "jsi18n" not in path:
            assert "no-store" in words(answer), path


def words(answer: HttpResponse) -> set[str]:
    return set(answer.headers["Cache-Control"].replace(",", " ").split())


def test_no_page_answers_a_method_it_does_not_know(held: Conversation, carla: Agent) -> None:
    """The small posts take posts, the pages take gets; nothing takes what it was not made for."""
    client, taken = signed_in(carla), set()
    for door in doors():
        if not door.route.startswith(CONSOLE):
            continue
        values = {
            "project": carla.project.slug,
            "conversation_id": held.pk,
            "chat_id": held.pk,
            "colleague_id": 1,
            "upload_id": held.pk,
            "wrap_up_id": 1,
            "offer_id": 1,
            "reply_id": 1,
            "note_id": held.pk,
            "contact_id": held.contact_id,
            "other_id": held.contact_id,
        }
        for method in ("put", "patch", "delete", "trace"):
            answer = getattr(client, method)(door.address(values))
            if answer.status_code != 405:
                taken.add((method, door.route))
    files = {f"{CONSOLE}{room}uploads/<uuid:upload_id>/" for room in ("", "internal/")}
    assert taken == {("delete", route) for route in files}  # what was not sent is taken back
    assert client.get("/logout/").status_code == 200  # it asks
    assert client.get("/projects/").status_code == 302  # and has signed nobody out


@pytest.mark.parametrize(
    "path",
    [
        "/static/../contactcenter/settings/environment.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2fetc%2fpasswd",
        "/static//etc/passwd",
        "/static/css/..\\..\\settings\\environment.py",
        "/static/css/tokens.css%00.py",
        "/static/",
        "/static/css/",
        "/static/js/console/",
        "/var/secrets.json",
        "/.env",
        "/.git/config",
        "/webchat/../login/",
        "/webchat/..%2f..%2fetc%2fpasswd/",
        "/webchat/demo%00/",
        "/p/..%2f..%2f/",
        "/p/%2e%2e/",
        "/p/" + "a" * 5000 + "/",
        "/p/{{7*7}}/",
        "/p/%ed%a0%80/",
        "/p/%ff/",
    ],
)
@pytest.mark.parametrize("debug", [False, True])
def test_no_address_leads_to_a_file_that_is_not_ours_to_show(
    ana: Agent, path: str, debug: bool
) -> None:
    with override_settings(DEBUG=debug):
        answer = signed_in(ana).get(path)
    body = b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code in {301, 302, 404}, answer.status_code
    assert not any(word in body for word in (b"root:", b"SECRET_KEY =", b"[core]"))


@pytest.mark.parametrize("origin", ["http://[", "javascript:alert(1)", "//evil", "x" * 9999, "\0"])
@pytest.mark.parametrize("lang", ["es", "../../etc", "x" * 9999, "{{7*7}}", "\0"])
def test_the_chats_own_parameters_break_nothing(web: Inbox, origin: str, lang: str) -> None:
    answer = Client().get(f"/webchat/{web.key}/", {"origin": origin, "lang": lang})
    assert answer.status_code == 200
    assert "49" not in answer.context["host"]
    assert answer.context["host"] == ""


def test_a_form_has_an_end(held: Conversation, carla: Agent) -> None:
    client, path = signed_in(carla), f"{held.get_absolute_url()}messages/"
    assert client.post(path, {"text": "x" * 1024 * 1024}).status_code == 400
    assert client.post(path, {f"field{n}": "" for n in range(501)}).status_code == 400
    assert client.post(path, b"x" * 2_000_000, content_type="application/json").status_code in {
        400,
        422,
    }
    assert held.messages.count() == 1
