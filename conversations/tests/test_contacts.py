"""What is known of a contact is changed: by agents, two at once, and by the customer."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from agents.models import Agent, Project
from contactcenter.testing import at_once, make_agent, make_customer, ready, write
from conversations import contacts
from conversations.contacts import card_of, edit
from conversations.models import Contact, ContactChange, ContactField, Conversation, Identity, Inbox

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def sign_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


@pytest.fixture
def order(shop: Project) -> ContactField:
    return ContactField.objects.create(project=shop, label="Order")


@pytest.fixture
def held(web: Inbox, lucia: Identity, ana: Agent) -> Conversation:
    ready(ana)
    return write(web, lucia).conversation


def saved(agent: Agent, contact: Contact, **values: str) -> Contact:
    card = card_of(contact)
    return edit(agent=agent, contact=contact, opened=card, card={**card, **values})


def test_an_edit_is_kept_with_what_it_said_before(
    held: Conversation, ana: Agent, order: ContactField
) -> None:
    saved(ana, held.contact, name="Lucía Fernández", **{"field:Order": "48210"})
    person = Contact.objects.get(pk=held.contact_id)
    assert (person.name, person.language) == ("Lucía Fernández", "en")
    assert person.details == {"Order": "48210"}
    change = ContactChange.objects.get()
    assert (change.agent, change.kind) == (ana, "edited")
    assert change.before == {"name": "Lucía", "details": {"Order": ""}}
    assert change.after == {"name": "Lucía Fernández", "details": {"Order": "48210"}}


def test_nothing_changed_is_no_change(held: Conversation, ana: Agent) -> None:
    saved(ana, held.contact)
    assert not ContactChange.objects.exists()


@pytest.mark.parametrize(
    ("field", "text"),
    [("name", "x" * 121), ("language", "klingon please"), ("field:Order", "x" * 201)],
)
def test_what_cannot_be_kept_is_refused_by_field(
    held: Conversation, ana: Agent, order: ContactField, field: str, text: str
) -> None:
    with pytest.raises(ValidationError) as problem:
        saved(ana, held.contact, **{field: text})
    assert list(problem.value.message_dict) == [field]


def test_a_field_nobody_made_is_not_written(held: Conversation, ana: Agent) -> None:
    saved(ana, held.contact, **{"field:Invented": "x"})
    assert Contact.objects.get(pk=held.contact_id).details == {}


def test_two_editors_of_different_fields_lose_nothing(
    held: Conversation, ana: Agent, bruno: Agent, order: ContactField
) -> None:
    opened = card_of(held.contact)
    edit(agent=ana, contact=held.contact, opened=opened, card={**opened, "name": "Lucía F."})
    edit(agent=bruno, contact=held.contact, opened=opened, card={**opened, "field:Order": "1"})
    person = Contact.objects.get(pk=held.contact_id)
    assert (person.name, person.details) == ("Lucía F.", {"Order": "1"})


def test_the_second_editor_of_a_field_is_told_what_it_says_now(
    held: Conversation, ana: Agent, bruno: Agent
) -> None:
    opened = card_of(held.contact)
    edit(agent=ana, contact=held.contact, opened=opened, card={**opened, "name": "Lucía F."})
    with pytest.raises(contacts.Overtaken) as news:
        edit(agent=bruno, contact=held.contact, opened=opened, card={**opened, "name": "Luz"})
    assert (news.value.card["name"], news.value.by) == ("Lucía F.", "Ana")
    assert Contact.objects.get(pk=held.contact_id).name == "Lucía F."
    again = {**opened, **news.value.card}  # having seen it, they decide
    edit(agent=bruno, contact=held.contact, opened=again, card={**again, "name": "Luz"})
    assert Contact.objects.get(pk=held.contact_id).name == "Luz"


@pytest.mark.django_db(transaction=True)
def test_of_eight_editors_at_one_instant_one_is_first(
    web: Inbox, lucia: Identity, ana: Agent
) -> None:
    contact = lucia.contact
    opened = card_of(contact)

    def try_it(n: int) -> str:
        card = {**opened, "name": f"Lucía {n}"}
        try:
            return edit(agent=ana, contact=contact, opened=opened, card=card).name
        except contacts.Overtaken as news:
            return f"not {news.card['name']}"

    said = at_once([lambda n=n: try_it(n) for n in range(8)])
    name = Contact.objects.get(pk=contact.pk).name
    assert sorted(said) == sorted([name, *[f"not {name}"] * 7])
    assert ContactChange.objects.count() == 1


def test_a_page_that_says_the_old_name_again_does_not_undo_an_agent(
    held: Conversation, lucia: Identity, ana: Agent, order: ContactField
) -> None:
    """The site tells the chat "Lucía" at every visit; whoever has a new name has a new name."""
    contacts.introduce(lucia, name="Lucía", language="en", details={"Order": "48211"})
    saved(ana, lucia.contact, name="Lucía Fernández", **{"field:Order": "48210"})
    contacts.introduce(lucia, name="Lucía", language="es", details={"Order": "48211"})
    person = Contact.objects.get(pk=held.contact_id)
    assert (person.name, person.language) == ("Lucía Fernández", "es")
    assert person.details == {"Order": "48210"}
    contacts.introduce(lucia, name="Luz", language="es", details={"Order": "7"})
    person.refresh_from_db()
    assert (person.name, person.details) == ("Luz", {"Order": "7"})
    contacts.introduce(lucia, name="Lucía", language="es")
    person.refresh_from_db()
    assert person.name == "Lucía"


def test_a_supervisors_edit_in_the_admin_is_the_same(held: Conversation, sofia: Agent) -> None:
    address = f"/admin/conversations/contact/{held.contact_id}/change/"
    data = {"project": held.project_id, "name": "Lucía F.", "language": "es"}
    assert sign_in(sofia).post(address, data).status_code == 302
    change = ContactChange.objects.get()
    assert (change.agent, change.after) == (sofia, {"name": "Lucía F.", "language": "es"})
    wrong = sign_in(sofia).post(address, {**data, "language": "klingon?"})
    assert wrong.context["adminform"].form.errors == {"language": ["A code like es or pt-BR."]}


# The door


def form(contact: Contact, **values: str) -> dict[str, str]:
    card = card_of(contact)
    return {**card, **{f"was:{key}": text for key, text in card.items()}, **values}


def test_the_form_saves_and_shows_the_person(held: Conversation, ana: Agent) -> None:
    client, address = sign_in(ana), f"/p/{ana.project.slug}/contacts/{held.contact_id}/"
    shown = client.get(address, {"conversation": held.pk}, headers=HTMX).content.decode()
    assert 'value="Lucía"' in shown and f'value="{held.pk}"' in shown
    data = form(held.contact, name=" <b>Lucía</b>  F.\0 ", conversation=str(held.pk))
    answer = client.post(address, data, headers=HTMX)
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == f"#person-{held.pk}"
    assert "&lt;b&gt;Lucía&lt;/b&gt; F." in answer.content.decode()
    assert Contact.objects.get(pk=held.contact_id).name == "<b>Lucía</b> F."


def test_without_a_script_it_is_a_page(held: Conversation, ana: Agent) -> None:
    client, address = sign_in(ana), f"/p/{ana.project.slug}/contacts/{held.contact_id}/"
    html = {"accept": "text/html"}
    assert "<html" in client.get(address, headers=html).content.decode()
    answer = client.post(address, form(held.contact, name="Luz"), headers=html)
    assert (answer.status_code, answer.url) == (302, held.get_absolute_url())


def test_the_door_says_which_field_and_what_was_meanwhile(
    held: Conversation, ana: Agent, bruno: Agent
) -> None:
    client, address = sign_in(ana), f"/p/{ana.project.slug}/contacts/{held.contact_id}/"
    data = form(held.contact, name="Luz")
    wrong = client.post(address, {**data, "language": "???"}, headers=HTMX)
    assert wrong.status_code == 422
    assert "A code like es or pt-BR." in wrong.content.decode()
    saved(bruno, held.contact, name="Lucía F.")
    late = client.post(address, data, headers=HTMX)
    text = late.content.decode()
    assert late.status_code == 422
    assert "Bruno changed this meanwhile." in text and "It says “Lucía F.” now." in text
    assert 'value="Luz"' in text  # nothing is lost
    overwrite = {**data, "was:name": "Lucía F."}
    assert client.post(address, overwrite, headers=HTMX).status_code == 200
    assert Contact.objects.get(pk=held.contact_id).name == "Luz"


@pytest.mark.parametrize("path", ["", "block/", "merge/", "merge/{other}/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_who_serves_them_or_supervises_may(
    held: Conversation, web: Inbox, bruno: Agent, mallory: Agent, path: str, method: str
) -> None:
    other = make_customer(web, "Mateo").contact
    address = f"/p/{web.project.slug}/contacts/{held.contact_id}/{path.format(other=other.pk)}"
    boss = make_agent(web.project, "Sofía", is_supervisor=True)
    data: dict[str, Any] = {"name": "mine", "q": "mateo"}
    before = list(Contact.objects.order_by("pk").values())
    for stranger in (bruno, mallory):
        own = address.replace(web.project.slug, stranger.project.slug)
        for door in (address, own):
            assert getattr(sign_in(stranger), method)(door, data).status_code in {404, 405}
    assert list(Contact.objects.order_by("pk").values()) == before
    assert getattr(sign_in(boss), method)(address, data).status_code in {200, 204, 302, 405, 422}
