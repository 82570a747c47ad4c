"""Attack: the sign-in and the recovery. Where they lead, whom they name, whose session it is."""

import os
import re
import subprocess
import sys
import time

import pytest
from django.conf import settings as product
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client, RequestFactory

from agents import limits, recovery
from agents.models import Agent, User
from contactcenter.testing import PASSWORD, make_agent

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "//evil.test",
    "///evil.test",
    "https://evil.test/",
    "https:evil.test",
    "https:/evil.test",
    "http:///evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "\\/evil.test",
    "/\t/evil.test",
    "\t//evil.test",
    "\n//evil.test",
    "\x00//evil.test",
    " //evil.test",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "http://testserver@evil.test/",
    "http://testserver.evil.test/",
    "//evil.test\\@testserver/",
    "http://[",
    "x" * 100_000,
]


def sign_in(user: str, password: str, client: Client | None = None, **data: str) -> HttpResponse:
    form = {"username": user, "password": password} | data
    return (client or Client()).post("/login/", form)


@pytest.mark.parametrize("target", ELSEWHERE, ids=lambda target: target[:20])
def test_no_door_leads_off_the_site(ana: Agent, target: str) -> None:
    client = Client()
    answers = [
        client.get("/login/", {"next": target}),
        client.post("/language/", {"language": "es", "next": target}),
        client.post("/language/", {"language": "es"}, headers={"referer": target.strip()}),
        client.get("/admin/login/", {"next": target}),
        sign_in(ana.user.username, PASSWORD, client, next=target),
        client.get("/login/", {"next": target}),  # signed in by now
        client.post("/logout/", {"next": target}),
    ]
    for answer in answers:
        address = answer.headers.get("Location", "/")
        assert re.match(r"/(?![/\\])[^\x00-\x1f\\]*$", address) or target[:3] == "xxx", address
        assert b'href="javascript' not in answer.content


@pytest.mark.parametrize("host", ["evil.test", "testserver.evil.test", "testserver@evil.test", ""])
def test_a_forged_host_is_refused_everywhere_and_named_nowhere(
    ana: Agent, host: str, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.filter(pk=ana.user_id).update(email="ana@shop.example")
    client = (
        Client(headers={"host": host})
        if host
        else Client(headers={"x-forwarded-host": "evil.test"})
    )
    answers = [
        client.get("/login/"),
        client.post("/login/recover/", {"username": ana.user.username}),
    ]
    recovery.send_links(ana.user.username)
    assert {answer.status_code for answer in answers} == ({400} if host else {200, 302})
    assert not any("evil.test" in str(answer.headers) + answer.text for answer in answers)
    assert "evil.test" not in mailoutbox[0].body


@pytest.mark.slow_passwords
def test_known_unknown_inactive_and_without_password_get_the_same_answer(
    ana: Agent, bruno: Agent
) -> None:
    """The same text and status after the same work, whoever is asked for."""
    User.objects.filter(pk=bruno.user_id).update(is_active=False)
    carla = make_agent(ana.project, "Carla")
    carla.user.set_unusable_password()
    carla.user.save()
    people = {
        ana.user.username: "wrong",
        bruno.user.username: PASSWORD,
        carla.user.username: "wrong",
        "nobody": "wrong",
    }
    pages, seconds = set(), {}
    for user, password in people.items():
        tries = []
        for _ in range(2):
            began = time.thread_time()
            answer = sign_in(user, password)
            tries.append(time.thread_time() - began)
        token = r'name="csrfmiddlewaretoken" value="\w+"'
        pages.add((answer.status_code, re.sub(token, "", answer.text).replace(user, "…")))
        seconds[user] = min(tries)
    assert len(pages) == 1
    assert max(seconds.values()) < 1.6 * min(seconds.values()), seconds


def test_recovery_says_the_same_to_everybody(ana: Agent, bruno: Agent) -> None:
    User.objects.filter(pk=bruno.user_id).update(is_active=False)
    answers = set()
    for named in (ana.user.username, bruno.user.username, "nobody", "a\u202eb", "x" * 254):
        answer = Client().post("/login/recover/", {"username": named}, follow=True)
        answers.add((answer.status_code, answer.text.replace(named, "…")))
    assert len({(status, re.sub(r'value="\w{64}"', "", text)) for status, text in answers}) == 1


def test_a_session_that_was_planted_is_nobodys(ana: Agent) -> None:
    """Session fixation: who knew the cookie before the sign-in knows nothing after it."""
    victim, mallory = Client(), Client()
    session = victim.session
    session["planted"] = "1"
    session.save()
    victim.cookies["sessionid"] = mallory.cookies["sessionid"] = session.session_key
    assert sign_in(ana.user.username, PASSWORD, victim).status_code == 302
    assert victim.cookies["sessionid"].value != session.session_key
    assert victim.get(f"/p/{ana.project.slug}/").status_code == 200
    assert mallory.get(f"/p/{ana.project.slug}/").status_code == 302
    mallory.cookies["sessionid"] = "made-up-by-mallory"
    sign_in(ana.user.username, PASSWORD, mallory)
    assert mallory.cookies["sessionid"].value != "made-up-by-mallory"


def test_one_persons_session_ends_before_anothers_begins(ana: Agent, bruno: Agent) -> None:
    client = Client()
    sign_in(ana.user.username, PASSWORD, client)
    client.session["of"] = "ana"
    client.post("/logout/")
    sign_in(bruno.user.username, PASSWORD, client)
    assert "of" not in client.session


def test_cookies_are_no_scripts_and_no_other_sites_business(ana: Agent) -> None:
    client = Client()
    client.get("/login/")
    sign_in(ana.user.username, PASSWORD, client)
    assert client.cookies["sessionid"]["httponly"]
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["samesite"] == "Lax"
        assert not client.cookies[name]["domain"]


def test_https_makes_cookies_secure_and_browsers_remember_it() -> None:
    code = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.DEBUG)"
    )
    environment = os.environ | {"PUBLIC_URL": "https://cc.example", "BUILDING": "1"}
    environment["DJANGO_SETTINGS_MODULE"] = "contactcenter.settings"
    run = [sys.executable, "-c", code]
    said = subprocess.check_output(run, env=environment, cwd=product.BASE_DIR, text=True)
    assert said.split() == ["True", "True", "True", "False"]


def failing(headers: list[str]) -> list[int]:
    """The answers to a wrong password, each with its own X-Forwarded-For, from one connection."""
    return [
        Client(headers={"x-forwarded-for": header})
        .post("/login/", {"username": "ana", "password": "wrong"}, REMOTE_ADDR="192.0.2.7")
        .status_code
        for header in headers
    ]


def test_an_invented_address_does_not_slow_less(db: None) -> None:
    assert failing([f"10.0.0.{n}" for n in range(6)])[-1] == 429


def test_behind_a_proxy_only_what_the_proxy_saw_counts(
    db: None, settings: type[product], ana: Agent
) -> None:
    settings.TRUSTED_PROXIES = 1
    same = [f"10.0.0.{n}, 198.51.100.9" for n in range(6)]
    assert failing(same)[-1] == 429
    assert failing(["198.51.100.10"]) == [200]  # a colleague behind the same proxy


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "10.0.0.1", "192.0.2.7"),
        (1, "10.0.0.1", "10.0.0.1"),
        (1, "6.6.6.6, 10.0.0.1", "10.0.0.1"),
        (2, "6.6.6.6, 10.0.0.1, 10.0.0.2", "10.0.0.1"),
        (2, "10.0.0.1", "10.0.0.1"),
        (1, "", "192.0.2.7"),
        (1, "'; DROP TABLE", "192.0.2.7"),
        (1, "10.0.0.1:443", "192.0.2.7"),
        (1, "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_whose_address_it_is(
    settings: type[product], proxies: int, header: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory(headers={"x-forwarded-for": header}).get("/", REMOTE_ADDR="192.0.2.7")
    assert limits.address_of(request) == address
