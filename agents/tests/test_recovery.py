"""A lost password (R3–R5): one answer for everybody, a link that works once, for an hour."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from celery import current_app
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client

from agents import publishing, recovery
from agents.models import Agent, ConsoleSession, Project, User
from contactcenter.testing import PASSWORD, at_once, make_agent, make_project
from conversations import staffing
from conversations.tests.sockets import console

pytestmark = pytest.mark.django_db
NEW = "twelve purple lanterns"
WHOM_TO_ASK = "Ask the administrator of your campaign"


@pytest.fixture(autouse=True)
def nobody_asked_yet(settings: Any) -> None:
    """The counts of this hour, in the real Redis, are this story's own."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid.uuid4().hex}}
    settings.PUBLIC_URL = "https://chat.example.org"


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the worker was rung for; `worker_comes` does it."""
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(publishing, "ring", lambda *call, **later: calls.append(call))
    return calls


@pytest.fixture
def ana(ana: Agent) -> Agent:
    User.objects.filter(pk=ana.user_id).update(email=f"{ana.user.username}@shop.example")
    ana.user.refresh_from_db()
    return ana


def ask(named: str, client: Client | None = None, **extra: Any) -> HttpResponse:
    return (client or Client()).post("/login/recover/", {"username": named}, **extra)


def worker_comes(rung: list[tuple[Any, ...]]) -> None:
    while rung:
        task, *args = rung.pop(0)
        task(*args)


def path_in(mail: EmailMessage) -> str:
    found = re.search(r"https://chat\.example\.org(/login/recover/\S+)", str(mail.body))
    assert found, mail.body
    return found[1]


def choose(path: str, password: str = NEW, client: Client | None = None) -> HttpResponse:
    """Open the link and fill in its form; the answer to the last step."""
    client = client or Client()
    page = client.get(path, follow=True)
    if not page.context["validlink"]:
        return page
    form = page.redirect_chain[-1][0]
    return client.post(form, {"new_password1": password, "new_password2": password})


def signs_in(user: User, password: str) -> bool:
    data = {"username": user.username, "password": password}
    return Client().post("/login/", data).status_code == 302


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


def test_the_link_never_follows_a_forged_host(
    ana: Agent, rung: list[Any], mailoutbox: list[EmailMessage], settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # a careless installation
    forged = {"Host": "evil.test", "X-Forwarded-Host": "evil.test"}
    assert ask(ana.user.username, headers=forged).status_code == 302
    worker_comes(rung)
    assert "evil.test" not in mailoutbox[0].body
    path_in(mailoutbox[0])


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
