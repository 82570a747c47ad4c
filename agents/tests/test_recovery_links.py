"""The link in the mail (R3): it works once, for an hour, and ends what was open before."""

import datetime as dt

import pytest
from asgiref.sync import sync_to_async
from django.core.mail import EmailMessage
from django.test import Client

from agents import recovery
from agents.models import Agent, ConsoleSession, User
from agents.tests.recovering import NEW, ana, choose, nobody_asked_yet, path_in, rung, signs_in
from contactcenter.testing import PASSWORD, at_once
from conversations import staffing
from conversations.tests.sockets import console

__all__ = ["ana", "nobody_asked_yet", "rung"]  # fixtures
pytestmark = pytest.mark.django_db


def test_a_link_works_once(ana: Agent, mailoutbox: list[EmailMessage]) -> None:
    recovery.send_links(ana.user.username)
    path = path_in(mailoutbox[0])
    assert choose(path).status_code == 302
    again = choose(path, "another pair of shoes")
    assert "This link no longer works" in again.text
    assert 'href="/login/recover/"' in again.text  # a new one is offered
    assert signs_in(ana.user, NEW)


def test_of_two_people_with_one_link_one_wins(ana: Agent, mailoutbox: list[EmailMessage]) -> None:
    recovery.send_links(ana.user.username)
    path = path_in(mailoutbox[0])
    first, second = Client(), Client()
    form = first.get(path, follow=True).redirect_chain[-1][0]
    second.get(path, follow=True)
    for client, password in ((first, NEW), (second, "another pair of shoes")):
        answer = client.post(form, {"new_password1": password, "new_password2": password})
    assert "This link no longer works" in answer.text
    assert signs_in(ana.user, NEW)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_wins(ana: Agent) -> None:
    token = recovery.link_for(ana.user).split("/")[-2]

    def change(password: str) -> bool:
        try:
            staffing.recover(user=ana.user, token=token, password=password)
        except recovery.LinkUsed:
            return False
        return True

    assert sorted(at_once([lambda: change(NEW), lambda: change(NEW + "!")])) == [False, True]


@pytest.mark.parametrize(("age", "works"), [(3590, True), (3660, False)])
def test_a_link_works_for_an_hour(
    ana: Agent, monkeypatch: pytest.MonkeyPatch, age: int, works: bool
) -> None:
    tokens = recovery.default_token_generator
    now = tokens._now()
    monkeypatch.setattr(tokens, "_now", lambda: now - dt.timedelta(seconds=age))
    path = recovery.link_for(ana.user).removeprefix("https://chat.example.org")
    monkeypatch.setattr(tokens, "_now", lambda: now)
    assert (choose(path).status_code == 302) is works
    assert signs_in(ana.user, NEW) is works


def test_a_strangers_link_opens_nobody_elses_account(ana: Agent, mallory: Agent) -> None:
    mine = recovery.link_for(mallory.user).split("/")
    hers = recovery.link_for(ana.user).split("/")
    forged = "/".join(["", *mine[3:5], hers[5], mine[6], ""])
    swapped = "/".join(["", *mine[3:6], mine[6][:-1] + ("0" if mine[6][-1] != "0" else "1"), ""])
    for path in (forged, swapped, "/login/recover/MQ/set-password/", "/login/recover/%00/x-y/"):
        page = choose(path)
        assert "This link no longer works" in page.text, path
    assert signs_in(ana.user, PASSWORD)


def test_an_opened_link_of_mallory_does_not_serve_for_ana(ana: Agent, mallory: Agent) -> None:
    """The token waits in the session: it must not fit another person's form."""
    client = Client()
    path = recovery.link_for(mallory.user).removeprefix("https://chat.example.org")
    client.get(path, follow=True)
    her_form = "/".join([*recovery.link_for(ana.user).split("/")[3:6], "set-password", ""])
    client.post(f"/{her_form}", {"new_password1": NEW, "new_password2": NEW})
    assert signs_in(ana.user, PASSWORD)


def test_a_link_dies_with_the_account(ana: Agent) -> None:
    path = recovery.link_for(ana.user).removeprefix("https://chat.example.org")
    User.objects.filter(pk=ana.user_id).update(is_active=False)
    assert "This link no longer works" in Client().get(path, follow=True).text


def test_a_weak_password_is_refused_in_words(ana: Agent, mailoutbox: list[EmailMessage]) -> None:
    recovery.send_links(ana.user.username)
    answer = choose(path_in(mailoutbox[0]), "12345")
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text and "too short" in answer.text
    assert "12345" not in answer.text
    assert choose(path_in(mailoutbox[0])).status_code == 302  # the link was not used up


def test_other_signed_in_pages_end(ana: Agent) -> None:
    elsewhere = Client()
    elsewhere.force_login(ana.user, backend="agents.backends.ModelBackend")
    console_page = f"/p/{ana.project.slug}/"
    assert elsewhere.get(console_page).status_code == 200
    choose(recovery.link_for(ana.user).removeprefix("https://chat.example.org"))
    assert elsewhere.get(console_page).url.startswith("/login/")


def test_whoever_was_signed_in_in_that_browser_is_not_any_more(ana: Agent, bruno: Agent) -> None:
    for signed_in in (ana.user, bruno.user):
        client = Client()
        client.force_login(signed_in, backend="agents.backends.ModelBackend")
        path = recovery.link_for(User.objects.get(pk=ana.user_id))
        answer = choose(path.removeprefix("https://chat.example.org"), client=client)
        assert "Your password was changed" in client.get(answer.url).text


@pytest.mark.django_db(transaction=True)
async def test_open_consoles_close_at_once(ana: Agent) -> None:
    line = await console(ana)
    assert (await line.connect())[0]
    link = await sync_to_async(recovery.link_for)(ana.user)
    await sync_to_async(choose)(link.removeprefix("https://chat.example.org"))
    assert await line.close_code() in {4401, 4403}
    assert not await ConsoleSession.objects.filter(closed_at=None).aexists()
    assert not await Agent.objects.online().aexists()
