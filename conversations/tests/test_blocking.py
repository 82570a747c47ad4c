"""A contact is shut out, and let in again."""

import uuid

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from agents.models import Agent
from contactcenter.testing import arrivals, at_once, holder_of, make_customer, ready, write
from conversations import blocking, inbound, invariants
from conversations.models import Contact, ContactChange, Conversation, Identity, Inbox, Message
from conversations.tests.sockets import webchat

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def sign_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


def blocked(agent: Agent, identity: Identity) -> None:
    blocking.block(agent=agent, contact=identity.contact, reason="insults")


def test_the_conversation_ends_and_the_next_comes_in(
    web: Inbox, lucia: Identity, ana: Agent
) -> None:
    ready(ana)
    conversation = write(web, lucia).conversation
    *_five, seventh = arrivals(web, 6)
    assert holder_of(seventh) is None
    blocked(ana, lucia)
    conversation.refresh_from_db()
    assert conversation.typification.reserved == "blocked"
    assert (conversation.ended_by, conversation.comment) == (ana, "insults")
    assert holder_of(seventh) == ana
    change = ContactChange.objects.get()
    assert (change.kind, change.after, change.agent) == ("blocked", {"reason": "insults"}, ana)


def test_who_waits_leaves_the_line(web: Inbox, lucia: Identity, ana: Agent) -> None:
    conversation = write(web, lucia).conversation
    blocked(ana, lucia)
    ready(ana)
    assert not conversation.queue_entries.filter(ended_at=None).exists()
    assert all(f.holds for f in invariants.check(project_id=web.project_id))


def test_nothing_they_write_is_stored(web: Inbox, lucia: Identity, ana: Agent) -> None:
    ready(ana)
    said = write(web, lucia, "one")
    blocked(ana, lucia)
    with pytest.raises(inbound.Blocked):
        write(web, lucia, "two")
    assert [m.text for m in Message.objects.all()] == ["one"]
    again = inbound.Incoming(provider_id=said.provider_id, client_id=said.client_id, text="one")
    assert inbound.receive(inbox=web, identity=lucia, incoming=again) == said  # its ack was lost


def test_a_word_of_thanks_is_none_of_theirs(web: Inbox, lucia: Identity, ana: Agent) -> None:
    web.campaign.ending_grace = "1:00:00"
    web.campaign.save()
    ready(ana)
    write(web, lucia)
    blocked(ana, lucia)
    with pytest.raises(inbound.Blocked):
        write(web, lucia, "thanks")


def test_let_in_again_they_go_through_the_queue(web: Inbox, lucia: Identity, ana: Agent) -> None:
    ready(ana)
    first = write(web, lucia).conversation
    blocked(ana, lucia)
    blocking.unblock(agent=ana, contact=lucia.contact)
    second = write(web, lucia, "I am sorry").conversation
    assert second != first and holder_of(second) == ana
    assert list(ContactChange.objects.values_list("kind", flat=True)) == ["unblocked", "blocked"]


@pytest.mark.django_db(transaction=True)
def test_blocked_twice_at_once_is_blocked_once(web: Inbox, lucia: Identity, ana: Agent) -> None:
    ready(ana)
    write(web, lucia)

    def try_it() -> bool:
        try:
            return bool(blocking.block(agent=ana, contact=lucia.contact))
        except blocking.AlreadyDone:
            return False

    assert sorted(at_once([try_it, try_it, try_it])) == [False, False, True]
    assert ContactChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_written_at_that_instant_is_in_or_refused(web: Inbox, ana: Agent) -> None:
    """Accepted or not, nobody is left with a conversation."""
    ready(ana)
    for _ in range(10):
        lucia = make_customer(web)
        write(web, lucia, "first")

        def say(who: Identity = lucia) -> bool:
            try:
                return bool(write(web, who, "second"))
            except inbound.Blocked:
                return False

        said = at_once([lambda who=lucia: blocked(ana, who), say, say])
        assert not Conversation.objects.filter(contact=lucia.contact, ended_at=None).exists()
        stored = Message.objects.filter(conversation__contact=lucia.contact, text="second")
        assert stored.count() == said.count(True)


# The doors


def test_the_agent_blocks_and_may_take_it_back(web: Inbox, lucia: Identity, ana: Agent) -> None:
    ready(ana)
    conversation = write(web, lucia).conversation
    client, door = sign_in(ana), f"/p/{web.project.slug}/contacts/{lucia.contact_id}/block/"
    assert "not why" in client.get(door, headers=HTMX).content.decode()
    assert client.post(door, {"reason": " in\nsults "}, headers=HTMX).status_code == 204
    assert Contact.objects.get().blocked_at
    assert client.post(door, headers=HTMX).status_code == 409
    panel = client.get(conversation.get_absolute_url()).content.decode()
    assert "insults" not in panel and "in sults" in panel and "data-blocked" in panel
    assert client.post(door, {"state": "unblocked"}, headers=HTMX).status_code == 204
    assert not Contact.objects.get().blocked_at
    assert client.get(door, headers=HTMX).status_code == 404  # they serve them no more


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_the_web_chat_says_politely_that_it_is_closed(web: Inbox, ana: Agent) -> None:
    await sync_to_async(ready)(ana)
    line = webchat(web)
    await line.connect()
    await line.hello()
    await line.write("Hello")
    contact = await sync_to_async(Contact.objects.get)()
    await sync_to_async(blocking.block)(agent=ana, contact=contact)
    while (await line.hear("state"))["state"] != "ended":
        pass
    name = str(uuid.uuid4())
    await line.say(type="message", id=name, text="You cannot!")
    error = await line.hear("error")
    assert (error["code"], error["id"]) == ("blocked", name)
    assert error["detail"] == "This chat is closed for you. Please contact us another way."
    await line.say(type="typing")
    assert await sync_to_async(Message.objects.count)() == 1
    await line.disconnect()
