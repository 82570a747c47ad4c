"""A lost password (R3–R5): one answer for everybody, and a mail to whoever has an address."""

import re
from typing import Any

import pytest
from celery import current_app
from django.core.mail import EmailMessage
from django.test import Client

from agents import recovery
from agents.models import Agent, Project, User
from agents.tests.recovering import (
    NEW,
    WHOM_TO_ASK,
    ana,
    ask,
    choose,
    nobody_asked_yet,
    path_in,
    rung,
    signs_in,
    worker_comes,
)
from contactcenter.testing import PASSWORD, at_once, make_agent, make_project

__all__ = ["ana", "nobody_asked_yet", "rung"]  # fixtures
pytestmark = pytest.mark.django_db


def test_from_the_sign_in_page_by_mail_to_a_new_password(
    ana: Agent, rung: list[Any], mailoutbox: list[EmailMessage]
) -> None:
    client = Client()
    assert 'href="/login/recover/"' in client.get("/login/").text
    assert client.get("/login/recover/").status_code == 200
    assert ask(ana.user.username, client).url == "/login/recover/sent/"
    worker_comes(rung)
    (mail,) = mailoutbox
    assert mail.to == [ana.user.email]
    assert "60 minutes" in mail.body and ana.user.username in mail.body
    answer = choose(path_in(mail), client=client)
    assert answer.url == "/login/"
    page = client.get("/login/").text
    assert "Your password was changed" in page and f'value="{ana.user.username}"' in page
    assert "Your password was changed" not in client.get("/login/").text  # said once
    assert signs_in(ana.user, NEW) and not signs_in(ana.user, PASSWORD)


@pytest.mark.parametrize("change", [str, str.upper])
def test_the_email_is_as_good_as_the_user_name(
    ana: Agent, mailoutbox: list[EmailMessage], change: Any
) -> None:
    assert recovery.send_links(change(ana.user.email)) == 1
    assert mailoutbox[0].to == [ana.user.email]  # the stored one, not the typed one


def test_known_unknown_inactive_and_without_email_get_the_same_answer(
    ana: Agent, bruno: Agent, mallory: Agent, rung: list[Any], mailoutbox: list[EmailMessage]
) -> None:
    """Nobody is looked up before the answer, so its time tells nothing either."""
    User.objects.filter(pk=mallory.user_id).update(email="m@example.org", is_active=False)
    pages = set()
    for named in (ana.user.username, bruno.user.username, mallory.user.username, "nobody"):
        client = Client()
        answer = ask(named, client)
        text = client.get(answer.url).text
        assert WHOM_TO_ASK in text
        pages.add((answer.status_code, answer.url, re.sub(r'value="\w{64}"', "", text)))
        assert len(rung) == 1
        worker_comes(rung)
    assert len(pages) == 1
    assert [mail.to for mail in mailoutbox] == [[ana.user.email]]


def test_asking_touches_no_person_in_the_database(
    ana: Agent, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        ask(ana.user.username)


def test_whoever_has_no_email_reads_whom_to_ask_before_and_after(bruno: Agent) -> None:
    """R4: always shown, so it tells nothing about the account."""
    for page in ("/login/recover/", "/login/recover/sent/", "/login/recover/x/y/"):
        assert WHOM_TO_ASK in Client().get(page).text


def test_r4_the_administrator_is_named_where_it_can_only_be_one(shop: Project, db: None) -> None:
    """A list of several would tell strangers whose projects live here."""
    pages = ("/login/recover/", "/login/recover/sent/", "/login/recover/x/y/")
    Project.objects.update(administrator_contact="")
    assert all('class="whom"' not in Client().get(page).text for page in pages)
    Project.objects.filter(pk=shop.pk).update(administrator_contact="Sofía <b> 555-0101")
    for page in pages:
        assert "Sofía &lt;b&gt; 555-0101" in Client().get(page).text
    make_project("Clínica Parque", administrator_contact="rosa@clinica.example")
    for page in pages:
        text = Client().get(page).text
        assert "rosa@" not in text and "Sofía" not in text and WHOM_TO_ASK in text


@pytest.mark.parametrize("named", ["", "   ", "x" * 255, "a\0b"])
def test_nonsense_is_asked_again_and_rings_nobody(named: str, rung: list[Any], db: None) -> None:
    answer = ask(named)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert not rung


def test_the_link_never_follows_a_forged_host(
    ana: Agent, rung: list[Any], mailoutbox: list[EmailMessage], settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # a careless installation
    forged = {"Host": "evil.test", "X-Forwarded-Host": "evil.test"}
    assert ask(ana.user.username, headers=forged).status_code == 302
    worker_comes(rung)
    assert "evil.test" not in mailoutbox[0].body
    path_in(mailoutbox[0])


def test_the_mail_speaks_the_persons_language(bruno: Agent, mailoutbox: list[EmailMessage]) -> None:
    User.objects.filter(pk=bruno.user_id).update(email="b@shop.example", first_name="B'runo & Co")
    recovery.send_links("b@shop.example")
    (mail,) = mailoutbox
    assert mail.subject == "Tu contraseña nueva para Contact Center"
    assert "Hola, B'runo & Co:" in mail.body  # a letter, not HTML
    assert "60 minutos" in mail.body


def test_the_sixth_mail_in_an_hour_does_not_go_out(
    ana: Agent, rung: list[Any], mailoutbox: list[EmailMessage]
) -> None:
    answers = {ask(ana.user.username).url for _ in range(6)}
    worker_comes(rung)
    assert answers == {"/login/recover/sent/"}
    assert len(mailoutbox) == recovery.MAILS_A_PERSON == 5


def test_one_address_cannot_ask_for_ever(
    ana: Agent, rung: list[Any], mailoutbox: list[EmailMessage]
) -> None:
    most = recovery.TRIES_AN_ADDRESS
    answers = {ask(f"nobody-{n}", REMOTE_ADDR="192.0.2.1").url for n in range(most + 1)}
    assert answers == {"/login/recover/sent/"}
    assert len(rung) == most
    ask(ana.user.username, REMOTE_ADDR="192.0.2.2")  # the next address is not slowed
    assert len(rung) == most + 1


def test_people_who_share_an_email_each_get_their_own_link(
    ana: Agent, mailoutbox: list[EmailMessage]
) -> None:
    other = make_agent(ana.project, "Carla")
    User.objects.filter(pk=other.user_id).update(email=ana.user.email)
    assert recovery.send_links(ana.user.email) == 2
    assert path_in(mailoutbox[0]) != path_in(mailoutbox[1])


def test_every_thread_of_a_web_process_knows_the_products_broker(settings: Any) -> None:
    """`ring` sends from threads: without a default app Celery would look for RabbitMQ."""
    brokers = at_once([lambda: current_app.conf.broker_url] * 2)
    assert set(brokers) == {settings.CELERY_BROKER_URL}
