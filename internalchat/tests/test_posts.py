"""Posts: the first begins the chat, two beginnings are one, no number is missing, twice is once."""

import uuid

import pytest

from agents import presence
from agents.models import Agent, Campaign, Project
from contactcenter.testing import at_once, make_agent, order_status, ready, write
from conversations import listing, metrics
from conversations.models import Conversation, Inbox, Typification
from internalchat import access, closing, directory, posts, quoting
from internalchat.models import DirectChat, Post
from internalchat.tests.writing import SECRET, say

pytestmark = pytest.mark.django_db


def unread(agent: Agent) -> int:
    return directory.unread(agent.pk).count


def test_before_the_first_post_there_is_nothing_and_both_mean_the_same_chat(
    team: tuple[Agent, Agent],
) -> None:
    ana, bruno = team
    chat = DirectChat.between(ana, bruno)
    assert chat.pk == DirectChat.between(bruno, ana).pk and not chat.is_written
    assert not DirectChat.objects.exists()
    posts.typing(agent=ana, chat=chat)
    assert say(ana, bruno).chat_id == chat.pk
    again = DirectChat.between(bruno, ana)
    assert again.is_written and again.pk == chat.pk


@pytest.mark.django_db(transaction=True)
def test_both_press_direct_message_at_once_and_write_into_one_chat(
    team: tuple[Agent, Agent],
) -> None:
    ana, bruno = team
    pairs = [(ana, bruno), (bruno, ana)] * 3
    pressed = [(one, DirectChat.between(one, other)) for one, other in pairs]
    at_once(
        [
            lambda agent=agent, chat=chat: posts.send(  # type: ignore[misc]
                agent=agent, chat=chat, client_id=uuid.uuid4(), text=agent.name
            )
            for agent, chat in pressed
        ]
    )
    chat = DirectChat.objects.get()
    assert sorted(chat.posts.values_list("seq", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert chat.last_seq == 6


@pytest.mark.django_db(transaction=True)
def test_the_same_post_from_two_tabs_at_once_is_stored_once(team: tuple[Agent, Agent]) -> None:
    ana, bruno = team
    name = uuid.uuid4()
    chats = [DirectChat.between(ana, bruno) for _ in range(4)]
    found = at_once(
        [
            lambda chat=chat: posts.send(agent=ana, chat=chat, client_id=name, text="Hi")  # type: ignore[misc]
            for chat in chats
        ]
    )
    assert {post.pk for post in found} == {Post.objects.get().pk}
    assert DirectChat.objects.get().last_seq == 1


def test_a_chat_begins_with_somebody_who_is_active_and_goes_on_without(
    ana: Agent, bruno: Agent
) -> None:
    with pytest.raises(posts.NotActive):
        say(ana, bruno)
    assert not DirectChat.objects.exists()
    console = presence.arrive(agent=bruno, session_key="x")
    say(ana, bruno)
    presence.leave(console_id=console)
    bruno.consoles.update(online_until=bruno.consoles.get().opened_at)
    assert say(ana, bruno, "Are you there?").seq == 2


def test_unread_counts_the_colleagues_posts_and_reading_never_goes_back(
    team: tuple[Agent, Agent],
) -> None:
    ana, bruno = team
    for _ in range(3):
        chat = say(ana, bruno).chat
    assert (unread(ana), unread(bruno)) == (0, 3)
    posts.read(agent=bruno, chat=chat, seq=2)
    posts.read(agent=bruno, chat=chat, seq=1)
    assert unread(bruno) == 1
    posts.read(agent=bruno, chat=chat, seq=9)  # there is no such post
    assert unread(bruno) == 1
    say(bruno, ana)  # what he did not see yet stays unread
    assert (unread(ana), unread(bruno)) == (1, 1)
    (row,) = directory.chats(bruno.pk)
    assert (row.unread, row.colleague, row.last_line) == (1, ana, SECRET)


def test_whoever_has_seen_all_has_seen_their_own(team: tuple[Agent, Agent]) -> None:
    ana, bruno = team
    posts.read(agent=bruno, chat=say(ana, bruno).chat, seq=1)
    say(bruno, ana)
    chat = DirectChat.objects.get()
    assert (chat.read_by(ana.pk), chat.read_by(bruno.pk)) == (1, 2)


def test_it_takes_no_slot_and_touches_no_figure(web: Inbox, team: tuple[Agent, Agent]) -> None:
    ana, bruno = team
    write(web)

    def all_figures() -> tuple[object, ...]:
        figures = metrics.figures(Project.objects.get(pk=web.project_id))
        return figures.as_json(), listing.loads([ana.pk, bruno.pk])

    before = all_figures()
    closing.close(agent=bruno, chat=say(ana, bruno).chat, typification=order_status(web.project))
    say(ana, bruno)
    assert all_figures() == before


def test_a_closed_chat_takes_no_post_and_the_next_one_is_another(
    team: tuple[Agent, Agent], shop: Project
) -> None:
    ana, bruno = team
    name = uuid.uuid4()
    first = say(ana, bruno, client_id=name).chat
    closing.close(agent=bruno, chat=first, typification=order_status(shop), comment=" done ")
    stale = DirectChat.objects.get(pk=first.pk)
    assert (stale.ended_by, stale.comment) == (bruno, "done")
    with pytest.raises(posts.Closed):
        posts.send(agent=ana, chat=stale, client_id=uuid.uuid4(), text="too late")
    again = posts.send(agent=ana, chat=stale, client_id=name, text="Hi")  # its answer was lost
    assert again.seq == 1
    second = say(ana, bruno)
    assert second.chat_id != first.pk and second.seq == 1


@pytest.mark.django_db(transaction=True)
def test_both_close_at_once_and_the_first_one_wins(
    team: tuple[Agent, Agent], shop: Project
) -> None:
    ana, bruno = team
    chat = say(ana, bruno).chat

    def close(agent: Agent) -> str:
        mine = DirectChat.objects.get(pk=chat.pk)
        try:
            closing.close(agent=agent, chat=mine, typification=order_status(shop))
        except closing.AlreadyClosed:
            return "told"
        return agent.name

    outcomes = at_once([lambda: close(ana), lambda: close(bruno)])
    chat.refresh_from_db()
    assert sorted(outcomes) == sorted(["told", chat.ended_by.name])  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_a_post_and_the_closing_at_one_instant_agree(
    team: tuple[Agent, Agent], shop: Project
) -> None:
    ana, bruno = team
    for _ in range(8):
        chat = say(ana, bruno).chat

        def write_to(chat: DirectChat = chat) -> bool:
            mine = DirectChat.objects.get(pk=chat.pk)
            try:
                posts.send(agent=ana, chat=mine, client_id=uuid.uuid4(), text="and?")
            except posts.Closed:
                return False
            return True

        def close(chat: DirectChat = chat) -> bool:
            mine = DirectChat.objects.get(pk=chat.pk)
            closing.close(agent=bruno, chat=mine, typification=order_status(shop))
            return True

        stored = all(at_once([write_to, close]))
        chat.refresh_from_db()
        assert chat.last_seq == chat.posts.count() == (2 if stored else 1)
        newest = chat.posts.latest("seq")
        assert chat.ended_at and newest.created_at <= chat.ended_at


def test_the_typifications_are_those_of_either_ones_campaigns(
    shop: Project, support: Campaign
) -> None:
    sales = Campaign.objects.create(project=shop, name="Sales")
    other = Campaign.objects.create(project=shop, name="After-sales")
    for campaign in (support, sales, other):
        Typification.objects.create(project=shop, campaign=campaign, name=campaign.name)
    Typification.objects.create(project=shop, name="Retired", is_active=False)
    ana = ready(make_agent(shop, "Ana", campaigns=[support]))
    bruno = ready(make_agent(shop, "Bruno", campaigns=[sales]))
    chat = say(ana, bruno).chat
    names = {typification.name for typification in closing.offered(chat)}
    assert names == {"Order status", "Complaint", "Support", "Sales"}


def test_a_quoted_conversation_is_a_card_for_who_may_open_it(
    web: Inbox, team: tuple[Agent, Agent]
) -> None:
    ana, bruno = team
    bruno.campaigns.clear()
    hers: Conversation = write(web).conversation
    post = say(ana, bruno, quoted=access.quotable(ana, str(hers.pk)))
    (for_ana,), (for_bruno,) = (quoting.with_cards(one, [post]) for one in team)
    assert (for_ana.card, for_bruno.card) == (hers, None)
