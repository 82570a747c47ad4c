"""Notes: written once, read by whoever may read the thread, named colleagues, taken back."""

import uuid

import pytest
from django.http import Http404

from agents.models import Agent, Campaign, Project
from contactcenter.testing import at_once, make_agent, make_project, order_status, ready, write
from conversations import access, closing, notebook, noting, transcript
from conversations.models import Conversation, Inbox, Note

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(web: Inbox, ana: Agent) -> Conversation:
    ready(ana)
    return write(web, text="Where is my lamp?").conversation


def note(
    agent: Agent, conversation: Conversation, text: str = "Fragile", **options: object
) -> Note:
    return noting.write(
        agent=agent,
        conversation=conversation,
        text=text,
        **{"client_id": uuid.uuid4(), **options},  # type: ignore[arg-type]
    )


def read_by(agent: Agent, conversation: Conversation) -> set[str]:
    return {each.text for each in access.notes_for(agent, conversation)}


def ended(agent: Agent, conversation: Conversation) -> Conversation:
    closing.end(
        agent=agent, conversation=conversation, typification=order_status(conversation.project)
    )
    return conversation


def test_a_note_is_on_the_conversation_or_on_its_contact(ana: Agent, held: Conversation) -> None:
    on_both = note(ana, held), note(ana, held, on_contact=True)
    assert [one.conversation for one in on_both] == [held, None]
    assert {one.contact for one in on_both} == {held.contact}


def test_the_same_name_twice_is_one_note_and_the_first_stands(
    ana: Agent, held: Conversation
) -> None:
    name = uuid.uuid4()
    first = note(ana, held, "first", client_id=name)
    assert note(ana, held, "second", client_id=name) == first
    assert [one.text for one in Note.objects.all()] == ["first"]


def test_two_agents_may_choose_the_same_name(ana: Agent, bruno: Agent, held: Conversation) -> None:
    name = uuid.uuid4()
    note(ana, held, client_id=name)
    note(bruno, held, client_id=name)
    assert Note.objects.count() == 2


def test_a_note_takes_no_number_and_no_unread(ana: Agent, held: Conversation) -> None:
    note(ana, held)
    held.refresh_from_db()
    assert held.last_seq == held.messages.count() == 1


def test_notes_of_earlier_conversations_and_on_the_contact_stand_in_the_next(
    web: Inbox, ana: Agent, bruno: Agent, held: Conversation
) -> None:
    note(ana, held, "prefers mornings", on_contact=True)
    note(ana, held, "paid twice")
    ended(ana, held)
    ana.is_available = False
    ana.save()
    ready(bruno)
    following = write(web, held.identity).conversation
    assert read_by(bruno, following) == {"prefers mornings", "paid twice"}


def test_where_agents_read_their_own_campaigns_only_so_it_is_with_notes(
    shop: Project, web: Inbox, support: Campaign, ana: Agent, held: Conversation
) -> None:
    shop.history_scope = Project.HistoryScope.CAMPAIGNS
    shop.save()
    sales = Campaign.objects.create(project=shop, name="Sales")
    carla = make_agent(shop, "Carla", campaigns=[sales])
    note(ana, held, "of support")
    note(ana, held, "on her, from support", on_contact=True)
    ended(ana, held)
    Inbox.objects.filter(pk=web.pk).update(campaign=sales)
    ready(carla)
    following = write(Inbox.objects.get(pk=web.pk), held.identity).conversation
    note(carla, following, "on her, from sales", on_contact=True)
    carla, ana = (Agent.objects.select_related("project").get(pk=a.pk) for a in (carla, ana))
    assert read_by(carla, following) == {"on her, from sales"}
    assert read_by(ana, held) == {"of support", "on her, from support"}
    for each in Note.objects.all():
        readers = {agent for agent in (ana, carla) if agent.pk in notebook.readers(each)}
        assert readers == ({carla} if "sales" in each.text else {ana})


def test_whoever_served_it_to_the_end_still_reads_and_hears_of_it(
    ana: Agent, held: Conversation
) -> None:
    ended(ana, held)
    later = note(ana, held, "called back")
    assert ana.pk in notebook.readers(later)
    assert read_by(ana, held) == {"called back"}


def test_one_takes_back_ones_own_only(ana: Agent, bruno: Agent, held: Conversation) -> None:
    mine = note(ana, held)
    noting.remove(agent=bruno, note=mine)
    assert Note.objects.exists()
    with pytest.raises(Http404):
        access.note_for(bruno, held, mine.client_id)
    noting.remove(agent=ana, note=access.note_for(ana, held, mine.client_id))
    noting.remove(agent=ana, note=mine)
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Bruno have a look", {"Bruno"}),
        ("have a look, @bruno", {"Bruno"}),
        ("(@BRUNO)", {"Bruno"}),
        ("@Oscar and @Óscar", {"Óscar"}),
        ("@Bruno @Óscar", {"Bruno", "Óscar"}),
        ("@Brunos", set()),
        ("bruno@example.com", set()),
        ("mail@Bruno", set()),
        ("@Ana", set()),  # the author
        ("@Mallory", set()),
        ("@Dora", set()),  # not active any more
        ("Bruno", set()),
        ("@", set()),
    ],
)
def test_a_name_after_an_at_names_a_colleague(
    shop: Project, ana: Agent, bruno: Agent, mallory: Agent, text: str, named: set[str]
) -> None:
    make_agent(shop, "Óscar")
    make_agent(shop, "Dora", is_active=False)
    found = noting.mentioned_in(text, ana)
    assert {agent.user.first_name for agent in found} == named


def test_of_two_with_one_name_both_are_meant_or_one_by_the_user_name(
    shop: Project, ana: Agent, bruno: Agent
) -> None:
    other = make_agent(shop, "Bruno")
    assert set(noting.mentioned_in("@Bruno", ana)) == {bruno, other}
    assert noting.mentioned_in(f"@{other.user.username}!", ana) == [other]


def test_a_named_colleague_is_remembered_and_learns_no_more_than_they_may(
    web: Inbox, ana: Agent, bruno: Agent, held: Conversation
) -> None:
    first = note(ana, held, "@Bruno what now?")
    assert set(first.mentioned.all()) == {bruno}
    assert access.mentions_of(bruno) == [(first, None)]
    ready(bruno)
    ended(ana, held)
    Agent.objects.filter(pk=ana.pk).update(is_available=False)
    following = write(web, held.identity).conversation
    assert access.mentions_of(bruno) == [(first, following)]
    assert access.mentions_of(ana) == []


def test_a_note_stands_behind_the_message_it_was_written_after(
    web: Inbox, ana: Agent, held: Conversation
) -> None:
    for text in ("second", "third"):
        write(web, held.identity, text)
    messages, _more = transcript.newest(Conversation.objects.filter(pk=held.pk))
    one = note(ana, held, "between")
    Note.objects.filter(pk=one.pk).update(created_at=messages[1].created_at)
    found = notebook.between(access.notes_for(ana, held), None)
    texts = [(line.message or line.note).text for line in notebook.interleaved(messages, found)]
    assert texts == ["Where is my lamp?", "second", "between", "third"]


def test_every_note_is_on_exactly_one_page_of_a_long_thread(
    web: Inbox, ana: Agent, held: Conversation
) -> None:
    history = Conversation.objects.filter(pk=held.pk)
    for number in range(25):
        write(web, held.identity, f"line {number}")
    for message in held.messages.all():
        each = note(ana, held, f"on {message.seq}")
        Note.objects.filter(pk=each.pk).update(created_at=message.created_at)
    notes = access.notes_for(ana, held)
    page, has_older = transcript.newest(history)
    newest = notebook.between(notes, notebook.start_of(page, has_older))
    earlier, _none = transcript.older(history, page[0])
    older = notebook.between(notes, notebook.start_of(earlier, False), page[0].created_at)
    assert [each.text for each in older + newest] == [f"on {n}" for n in range(1, 27)]


@pytest.mark.django_db(transaction=True)
def test_the_same_note_from_two_tabs_at_once_is_one(ana: Agent, held: Conversation) -> None:
    name = uuid.uuid4()
    found = at_once([lambda: note(ana, held, client_id=name)] * 4)
    assert len({each.pk for each in found}) == Note.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_taking_back_and_writing_at_once_leaves_what_was_written(
    ana: Agent, bruno: Agent, held: Conversation
) -> None:
    """Two raise the same screens in one order: nobody waits for ever."""
    ready(bruno)
    mine = [note(ana, held, "@Bruno") for _ in range(4)]
    calls = [lambda each=each: noting.remove(agent=ana, note=each) for each in mine]
    calls += [lambda: note(bruno, held, "@Ana kept")] * 4
    at_once(calls)
    assert [each.text for each in Note.objects.all()] == ["@Ana kept"] * 4


def test_a_stranger_finds_no_note(mallory: Agent, ana: Agent, held: Conversation) -> None:
    mine = note(ana, held)
    with pytest.raises(Http404):
        access.note_for(mallory, held, mine.client_id)
    assert make_project().notes.count() == 0
