"""Two contacts turn out to be one person."""

import uuid

import pytest
from django.test import Client

from agents.models import Agent
from contactcenter.testing import (
    at_once,
    holder_of,
    make_customer,
    make_inbox,
    order_status,
    ready,
    write,
)
from conversations import blocking, closing, contacts, finding, inbound, merging
from conversations.models import (
    Contact,
    ContactChange,
    Conversation,
    Identity,
    Inbox,
    Message,
    Note,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def sign_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


@pytest.fixture
def other(web: Inbox) -> Identity:
    """Lucía in another browser."""
    return make_customer(web, "Lu")


def merged(agent: Agent, keep: Identity, other: Identity) -> Contact:
    return merging.merge(agent=agent, keep=keep.contact, other=other.contact)


def ended(agent: Agent, web: Inbox, who: Identity) -> Conversation:
    conversation = write(web, who).conversation
    closing.end(agent=agent, conversation=conversation, typification=order_status(agent.project))
    return conversation


def test_everything_moves_and_what_is_known_stands(
    web: Inbox, ana: Agent, lucia: Identity, other: Identity
) -> None:
    ready(ana)
    old = ended(ana, web, other)
    Note.objects.create(project=web.project, contact=other.contact, agent=ana, text="VIP")
    Contact.objects.filter(pk=lucia.contact_id).update(details={"Order": "1", "Email": ""})
    Contact.objects.filter(pk=other.contact_id).update(details={"Order": "2", "Email": "l@x.es"})
    keep = merged(ana, lucia, other)
    assert (keep.name, keep.details) == ("Lucía", {"Order": "1", "Email": "l@x.es"})
    assert set(keep.identities.all()) == {lucia, other}
    assert (keep.conversations.get(), keep.notes.get().text) == (old, "VIP")
    gone = Contact.objects.get(pk=other.contact_id)
    assert gone.merged_into == keep
    change = ContactChange.objects.get()
    assert (change.contact, change.kind, change.agent) == (keep, "merged", ana)
    assert change.before["name"] == "Lu"
    assert change.after["conversations"] == 1


def test_the_merged_one_is_never_found_again(
    web: Inbox, ana: Agent, lucia: Identity, other: Identity
) -> None:
    keep = merged(ana, lucia, other)
    mine = {"project": web.project_id}
    assert list(finding.found("Lu", mine)) == [keep.pk]
    assert set(finding.found(other.value, mine)) == {keep.pk}


def test_who_was_merged_before_goes_along(
    web: Inbox, ana: Agent, lucia: Identity, other: Identity
) -> None:
    third = make_customer(web, "L.")
    merged(ana, other, third)
    merged(ana, lucia, other)
    assert Contact.objects.get(pk=third.contact_id).merged_into_id == lucia.contact_id


def test_what_cannot_be_merged_says_why(
    web: Inbox, ana: Agent, lucia: Identity, other: Identity, mallory: Agent
) -> None:
    ready(ana)
    write(web, lucia)
    write(web, other)
    stranger = make_customer(mallory.project.inboxes.get())
    gone = make_customer(web, "Gone")
    merged(ana, make_customer(web), gone)
    blocked = make_customer(web, "Blocked")
    blocking.block(agent=ana, contact=blocked.contact)
    cases = {other: "open", lucia: "same", stranger: "gone", gone: "gone", blocked: "blocked"}
    before = list(Contact.objects.order_by("pk").values())
    for identity, why in cases.items():
        with pytest.raises(merging.NotMerged) as problem:
            merged(ana, lucia, Identity.objects.get(pk=identity.pk) if why != "gone" else identity)
        assert problem.value.why == why
    assert list(Contact.objects.order_by("pk").values()) == before


def test_open_in_two_channels_both_go_on(
    web: Inbox, ana: Agent, lucia: Identity, other: Identity
) -> None:
    ready(ana)
    second = make_inbox(web.campaign)
    one, two = write(web, lucia).conversation, write(second, other).conversation
    keep = merged(ana, lucia, other)
    assert set(keep.conversations.filter(ended_at=None)) == {one, two}
    assert holder_of(one) == holder_of(two) == ana


def test_a_page_from_before_the_merge_joins_rightly(
    web: Inbox, ana: Agent, lucia: Identity, other: Identity
) -> None:
    """Its socket still believes to be the other one."""
    ready(ana)
    open_one = write(web, lucia).conversation
    merged(ana, lucia, other)
    stale = other
    assert stale.contact_id != lucia.contact_id
    first, second = write(web, stale, "it is me"), write(web, stale, "again")
    assert first.conversation_id == second.conversation_id == open_one.pk
    assert stale.contact_id == lucia.contact_id
    assert inbound.open_conversation(web, stale) == open_one


def test_its_next_conversation_is_the_kept_ones(
    web: Inbox, ana: Agent, lucia: Identity, other: Identity
) -> None:
    merged(ana, lucia, other)
    assert write(web, other).conversation.contact_id == lucia.contact_id


def test_the_merged_browser_does_not_bring_its_name_back(
    web: Inbox, ana: Agent, lucia: Identity, other: Identity
) -> None:
    merged(ana, lucia, other)
    page = Identity.objects.select_related("contact").get(pk=other.pk)
    contacts.introduce(page, name="Lu", language="en")
    assert Contact.objects.get(pk=lucia.contact_id).name == "Lucía"


@pytest.mark.django_db(transaction=True)
def test_merging_both_ways_at_once_merges_once(
    web: Inbox, ana: Agent, lucia: Identity, other: Identity
) -> None:
    def try_it(keep: Identity, away: Identity) -> str:
        try:
            return str(merged(ana, keep, away).pk)
        except merging.NotMerged as problem:
            return problem.why

    said = at_once([lambda: try_it(lucia, other), lambda: try_it(other, lucia)])
    assert "gone" in said
    left = Contact.objects.get(project=web.project, merged_into=None)
    assert left.identities.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_open", [True, False])
def test_messages_of_the_merged_one_at_that_instant_are_in_one_conversation(
    web: Inbox, ana: Agent, is_open: bool
) -> None:
    """Ten times: what they write while they are merged is neither lost nor begun twice."""
    ready(ana)
    for _ in range(10):
        lucia, other = make_customer(web, "Lucía"), make_customer(web, "Lu")
        if is_open:
            write(web, lucia)

        def merge_them(keep: Identity = lucia, away: Identity = other) -> None:
            try:
                merged(ana, keep, away)
            except merging.NotMerged as problem:
                assert problem.why == "open"  # their conversation was first

        at_once([merge_them, *[lambda o=other: write(web, o, "me") for _ in range(3)]])
        texts = Message.objects.filter(conversation__contact__in=[lucia.contact, other.contact])
        assert texts.filter(text="me").count() == 3
        going_on = Conversation.objects.filter(identity=other, ended_at=None)
        wrong = [
            c for c in going_on if c.contact_id != Identity.objects.get(pk=other.pk).contact_id
        ]
        assert wrong == []
        for conversation in Conversation.objects.filter(project=web.project, ended_at=None):
            holder = holder_of(conversation)
            assert holder
            closing.end(
                agent=holder, conversation=conversation, typification=order_status(web.project)
            )


# The door


def test_the_dialog_finds_shows_and_merges(
    web: Inbox, ana: Agent, lucia: Identity, other: Identity
) -> None:
    ready(ana)
    write(web, lucia)
    client, home = sign_in(ana), f"/p/{web.project.slug}/contacts/{lucia.contact_id}/merge/"
    found = client.get(home, {"q": "lu"}, headers=HTMX).content.decode()
    assert f"{home}{other.contact_id}/" in found
    assert f"{home}{lucia.contact_id}/" not in found
    side = client.get(f"{home}{other.contact_id}/", headers=HTMX).content.decode()
    assert "Lucía" in side and other.value in side
    done = client.post(f"{home}{other.contact_id}/", headers=HTMX)
    assert done.status_code == 204
    assert Identity.objects.get(pk=other.pk).contact_id == lucia.contact_id
    again = client.post(f"{home}{other.contact_id}/", headers=HTMX)
    assert (again.status_code, "first" in again.content.decode()) == (409, True)


def test_both_open_in_one_channel_is_refused_with_the_sentence(
    web: Inbox, ana: Agent, lucia: Identity, other: Identity
) -> None:
    ready(ana)
    write(web, lucia)
    write(web, other)
    home = f"/p/{web.project.slug}/contacts/{lucia.contact_id}/merge/{other.contact_id}/"
    for method in ("get", "post"):
        answer = getattr(sign_in(ana), method)(home, headers=HTMX)
        assert answer.status_code == 409
        assert answer.content.decode().startswith("Both have an open conversation in Support chat")


def test_another_projects_contact_is_nobody(
    web: Inbox, ana: Agent, lucia: Identity, mallory: Agent
) -> None:
    ready(ana)
    write(web, lucia)
    stranger = make_customer(mallory.project.inboxes.get(), "Lucía")
    home = f"/p/{web.project.slug}/contacts/{lucia.contact_id}/merge/"
    client = sign_in(ana)
    assert str(stranger.contact_id) not in client.get(home, {"q": "lucía"}).content.decode()
    for method in ("get", "post"):
        answer = getattr(client, method)(f"{home}{stranger.contact_id}/", {"id": uuid.uuid4()})
        assert answer.status_code == 404
