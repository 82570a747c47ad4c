"""Attack: strangers at every door over HTTP (P-14). The doors are read from the URLconf, so that a
new one is attacked, or fails here until somebody says that it is open to everybody."""

import uuid

import pytest
from django.db.models import Field
from django.http import HttpResponse
from django.test import Client

from agents.models import Agent, Project
from contactcenter.testing import (
    make_agent,
    make_supervisor,
    order_status,
)
from contactcenter.tests.doors import (
    ADMIN,
    BEARER,
    CONSOLE,
    OPEN,
    SIGNED_IN,
    Door,
    doors,
    everything_of,
    one_of_everything,
    rows_of,
)
from conversations.models import Assignment, Conversation, Offer

pytestmark = pytest.mark.django_db

MARK = "Zugspitze"  # stands in every text of the shop, and may stand in no stranger's page


@pytest.fixture
def shop(db: None) -> Project:
    return one_of_everything(MARK)


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


def addresses(door: Door, project: Project, through: Project | None = None) -> list[str]:
    """The door's addresses with that project's ids, also through a project of the stranger's."""
    held = Assignment.objects.filter(agent__project=project, ended_at=None).first()
    offer = Offer.objects.filter(project=project).first()
    values = {
        "project": project.slug,
        "offer_id": offer and offer.pk,
        "conversation_id": held and held.conversation_id,
        "chat_id": project.direct_chats.get(ended_at=None).pk,
        "colleague_id": project.direct_chats.get(ended_at=None).second_id,
        "contact_id": held and held.conversation.contact_id,
        "other_id": held and held.conversation.contact_id,
        "wrap_up_id": project.wrap_ups.get().pk,
        "key": project.inboxes.get().key,
        "uidb64": "MQ",
        "token": "forged-token",
        "name": "lamp.png",
        "part": "file",
        "note_id": project.notes.get().client_id,
        "upload_id": project.uploads.get(kind="image", postfile=None).pk,
        "reply_id": project.quick_replies.get().pk,
        "app_label": "agents",
        "url": "nowhere/",
    }
    if "/internal/" in door.route:
        values["upload_id"] = project.uploads.exclude(postfile=None).get().pk
    if not door.leads_to_a_row:
        ways = [project, through] if through and door.route.startswith(CONSOLE) else [project]
        return [door.address(values | {"project": way.slug}) for way in ways]
    rows = rows_of(project, door.model)
    assert rows, f"the story needs a row of {door.model}"
    return [door.address({**values, "object_id": row.pk, "user_id": row.pk}) for row in rows[:2]]


def loot(project: Project) -> dict[str, object]:
    """Whatever a door may read from a form, with what is not the stranger's."""
    conversation = Conversation.objects.filter(project=project).order_by("pk").first()
    agent = project.agents.first()
    return {
        "id": str(uuid.uuid4()),
        "text": "let me in",
        "state": "available",
        "seq": "1",
        "contact": conversation.contact_id if conversation else 1,
        "inbox": project.inboxes.get().pk,
        "reason": "mine",
        "typification": str(order_status(project).pk),
        "comment": "mine",
        "note": "mine",
        "answer": "accept",
        "leave": "all",
        "conversation": str(conversation and conversation.pk),
        "project": project.pk,
        "agent": agent.pk,
        "user": agent.user_id,
        "campaign": project.campaigns.first().pk,
        "campaigns": [project.campaigns.first().pk],
        "name": "mine",
        "username": agent.user.username,
        "new_password1": "twelve purple lanterns",
        "new_password2": "twelve purple lanterns",
        "post": "yes",
        "action": "delete_selected",
        "_selected_action": [agent.pk],
    }


def test_every_door_asks_who_it_is_or_was_opened_on_purpose() -> None:
    others = [door.route for door in doors() if not door.route.startswith((CONSOLE, ADMIN))]
    assert sorted(set(others) - OPEN - SIGNED_IN) == []
    assert {door.route for door in doors()} >= OPEN | SIGNED_IN


def test_the_supervisors_site_has_our_pages_only() -> None:
    models = {door.model.__module__.split(".")[0] for door in doors() if door.model}
    assert models == {"agents", "conversations", "internalchat", "media"}


@pytest.mark.parametrize(
    ("who", "method"),
    [
        *[(who, method) for who in ("nobody", "mallory", "olga") for method in ("get", "post")],
        *[("olga", method) for method in ("put", "delete")],
    ],
)
def test_a_stranger_learns_and_changes_nothing_at_any_door(
    shop: Project, mallory: Agent, who: str, method: str
) -> None:
    """Nobody is signed out; Mallory is an agent elsewhere, Olga supervises there."""
    people = {"mallory": mallory, "olga": make_supervisor(mallory.project, "Olga")}
    before, wrong = everything_of(shop), []
    form = (loot(shop),) if method in {"get", "post"} else ()
    client = Client()
    for door in doors():
        if who in people and "sessionid" not in client.cookies:  # or the last door signed them out
            client = signed_in(people[who])
        for path in addresses(door, shop, through=mallory.project):
            answer = getattr(client, method)(path, *form)
            body = b"".join(answer) if answer.streaming else answer.content
            if "logout" in path:
                client = Client()
            if MARK.encode() in body or not is_right(who, door, path, answer):
                wrong.append((method, path, answer.status_code, answer.headers.get("Location")))
    assert wrong == []
    assert everything_of(shop) == before


def is_right(who: str, door: Door, path: str, answer: HttpResponse) -> bool:
    """Whether the answer is one that a stranger may get there."""
    status = answer.status_code
    if status >= 500:
        return False
    if door.route in OPEN:
        return True
    if who == "nobody":
        return status == 405 or (
            status == 302 and answer.headers["Location"].startswith("/login/?next=")
        )
    if door.route.startswith(CONSOLE):
        is_own = "clinica-parque" in path  # where Olga may not answer
        may_be = {403, 404, 405} if is_own and who == "olga" else {404, 405}
        return status in may_be or (is_own and "_id>" not in door.route)
    if door.route.startswith(ADMIN) and who == "mallory":
        return status == 403
    if door.leads_to_a_row:
        return status in {302, 403, 404, 405}
    return status in {200, 302, 403, 404, 405}


def test_every_post_of_every_door_needs_its_token(shop: Project) -> None:
    """CSRF: also of the rightful, also where nobody is signed in."""
    carla = make_agent(shop, "Carla", is_supervisor=True)
    client = Client(enforce_csrf_checks=True)
    client.force_login(carla.user, backend="agents.backends.ModelBackend")
    form = loot(shop)
    answers = {door.route: client.post(addresses(door, shop)[0], form) for door in doors()}
    assert {route for route, answer in answers.items() if answer.status_code != 403} == BEARER
    assert {answers[route].status_code for route in BEARER} == {401, 405}


def test_a_token_of_another_site_is_none(shop: Project) -> None:
    client = Client(enforce_csrf_checks=True)
    token = client.get("/login/").cookies["csrftoken"].value
    form = {"csrfmiddlewaretoken": token, "username": "x", "password": "y"}
    headers = {"origin": "https://evil.test"}
    assert client.post("/login/", form, headers=headers).status_code == 403
    assert client.post("/login/", form).status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "1e9", "١", "../1", "1%00", "None", "1'"])
def test_nonsense_where_a_number_belongs_is_nothing(shop: Project, number: str) -> None:
    sofia = signed_in(make_supervisor(shop))
    for door in doors():
        if door.leads_to_a_row:
            path = door.address({"object_id": number, "user_id": number})
            assert sofia.get(path).status_code in {302, 403, 404}, path


def test_an_admin_form_takes_nothing_it_does_not_show(shop: Project, mallory: Agent) -> None:
    """Mass assignment: every column of every form that a supervisor may send."""
    sofia, sent = signed_in(make_supervisor(shop)), []
    for door in doors():
        if not door.route.endswith("<path:object_id>/change/"):
            continue
        for row in rows_of(shop, door.model)[:2]:
            path = door.address({"object_id": row.pk})
            page = sofia.get(path)
            if page.status_code == 200 and page.context.get("has_change_permission"):
                changed = changed_by_hostile(sofia, path, page, row, mallory)
                sent.append(door.model.__name__)
                assert changed == {}, path
    assert {"Agent", "Campaign", "Inbox", "Project", "Typification", "User"} <= set(sent)


def changed_by_hostile(
    sofia: Client, path: str, page: HttpResponse, row: object, mallory: Agent
) -> dict[str, object]:
    """Send the form back as it came, with a hostile value for every column it does not have."""
    form = page.context["adminform"].form
    shown = {name for name, field in form.fields.items() if not field.disabled}
    columns = [f for f in row._meta.concrete_fields if f.name not in shown and not f.primary_key]
    before = type(row)._default_manager.filter(pk=row.pk).values(*(f.attname for f in columns))
    kept = before.get()
    data = {f.name: hostile(f, mallory) for f in columns}
    data |= {name: plain(form[name].value()) for name in shown}
    for rows in page.context["inline_admin_formsets"]:
        bookkeeping = rows.formset.management_form
        data |= {bound.html_name: bound.value() for bound in bookkeeping}
        shown_rows = [bound for row in rows.formset.forms for bound in row]
        data |= {bound.html_name: plain(bound.value()) for bound in shown_rows}
    answer = sofia.post(path, {name: value for name, value in data.items() if value is not None})
    assert answer.status_code == 302, (data, answer.context["adminform"].form.errors)
    now = before.get()
    return {name: (kept[name], now[name]) for name in kept if kept[name] != now[name]}


def hostile(field: Field, mallory: Agent) -> object:
    if field.name == "project":
        return mallory.project_id
    if field.name == "user":
        return mallory.user_id
    return "on" if field.get_internal_type() == "BooleanField" else "7"


def plain(value: object) -> object:
    """As a browser sends it back."""
    if isinstance(value, list):
        return [getattr(item, "pk", item) for item in value]
    return {True: "on", False: None}[value] if isinstance(value, bool) else value


def test_an_answer_takes_nothing_but_its_id_and_its_text(shop: Project, mallory: Agent) -> None:
    ana = shop.agents.get(user__first_name=MARK)
    held = Conversation.objects.get(assignments__agent=ana, assignments__ended_at=None)
    form = loot(mallory.project) | {"author": "contact", "agent": mallory.pk, "created_at": "x"}
    form |= {"conversation": str(uuid.uuid4()), "is_superuser": "on", "typification": "1"}
    path = f"{held.get_absolute_url()}messages/"
    assert signed_in(ana).post(path, form).status_code == 200
    message = held.messages.order_by("-seq").first()
    assert (message.author, message.agent, message.text) == ("agent", ana, "let me in")
    ana.user.refresh_from_db()
    assert not ana.user.is_superuser
