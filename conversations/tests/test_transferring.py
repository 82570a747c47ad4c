"""R53–R55: an agent gives a conversation to a colleague or to a campaign, once, and it is lost
nowhere on the way."""

import uuid
from collections.abc import Callable

import pytest

from agents import presence
from agents.models import Agent, Campaign
from contactcenter.testing import (
    arrivals,
    at_once,
    holder_of,
    make_agent,
    make_inbox,
    make_supervisor,
    order_status,
    place_of,
    ready,
    write,
)
from conversations import closing, metrics, outbound, routing, transferring
from conversations.colleagues import Obstacle
from conversations.models import Assignment, Conversation, Inbox, Note, QueueEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(web: Inbox, ana: Agent) -> Conversation:
    """A conversation that Ana serves."""
    ready(ana)
    return write(web, text="Where is my lamp?").conversation


def give(agent: Agent, conversation: Conversation, taker: Agent) -> bool:
    """Whether it was this one who gave it away."""
    try:
        transferring.to_agent(agent=agent, conversation=conversation, taker=taker)
        return True
    except (closing.AlreadyDone, transferring.CannotTake):
        return False


def end(agent: Agent, conversation: Conversation) -> bool:
    try:
        chosen = order_status(conversation.project)
        closing.end(agent=agent, conversation=conversation, typification=chosen)
        return True
    except closing.AlreadyDone:
        return False


def test_it_is_new_at_bruno_with_its_history_and_the_note(
    held: Conversation, ana: Agent, bruno: Agent
) -> None:
    ready(bruno)
    transferring.to_agent(agent=ana, conversation=held, taker=bruno, note=" Wants a new one ")
    before, now = Assignment.objects.filter(conversation=held).order_by("pk")
    assert (before.agent, before.outcome) == (ana, Assignment.Outcome.TRANSFERRED)
    assert (now.agent, now.is_new, now.queue_entry) == (bruno, True, None)
    assert now.why == "Ana passed it on to you."
    lines = [message.text or message.system_text for message in held.messages.order_by("seq")]
    assert lines == ["Where is my lamp?", "Passed on to a colleague"]
    note = Note.objects.get()
    assert (note.text, note.agent, note.conversation) == ("Wants a new one", ana, held)
    with pytest.raises(outbound.NotYours):
        outbound.send(agent=ana, conversation=held, client_id=uuid.uuid4(), text="One more thing")


def test_the_freed_slot_takes_in_the_next_one(web: Inbox, ana: Agent, bruno: Agent) -> None:
    Agent.objects.filter(pk=ana.pk).update(capacity=1)
    ready(ana)
    first, second = arrivals(web, 2)
    sales = Campaign.objects.create(project=web.project, name="Sales")
    bruno.campaigns.set([sales])
    ready(bruno)
    transferring.to_agent(agent=ana, conversation=first, taker=bruno)
    assert (holder_of(first), holder_of(second)) == (bruno, ana)
    first.refresh_from_db()
    assert first.campaign == sales  # of Bruno's, who is not in its own


def test_a_campaign_that_both_are_in_stays(held: Conversation, ana: Agent, bruno: Agent) -> None:
    before = held.campaign
    bruno.campaigns.add(Campaign.objects.create(project=held.project, name="A first one"))
    transferring.to_agent(agent=ana, conversation=held, taker=ready(bruno))
    held.refresh_from_db()
    assert held.campaign == before


def is_full(bruno: Agent) -> None:
    Agent.objects.filter(pk=ready(bruno).pk).update(capacity=0)


def is_gone(bruno: Agent) -> None:
    ready(bruno)
    presence.sign_out(user=bruno.user, session_key=bruno.consoles.get().session_key)


def does_not_accept(bruno: Agent) -> None:
    presence.declare(agent=ready(bruno), is_available=False)


def may_not_answer(bruno: Agent) -> None:
    Agent.objects.filter(pk=ready(bruno).pk).update(is_active=False)


@pytest.mark.parametrize(
    ("happens", "obstacle"),
    [
        (is_full, Obstacle.FULL),
        (is_gone, Obstacle.OFFLINE),
        (does_not_accept, Obstacle.AWAY),
        (may_not_answer, Obstacle.OFFLINE),
    ],
)
def test_who_cannot_take_it_does_not_get_it(
    held: Conversation,
    ana: Agent,
    bruno: Agent,
    happens: Callable[[Agent], None],
    obstacle: Obstacle,
) -> None:
    happens(bruno)
    with pytest.raises(transferring.CannotTake) as refused:
        transferring.to_agent(agent=ana, conversation=held, taker=bruno, note="For you")
    assert refused.value.obstacle == obstacle
    assert holder_of(held) == ana
    assert (held.messages.count(), Note.objects.count()) == (1, 0)


def test_nobody_gives_to_themselves(held: Conversation, ana: Agent) -> None:
    with pytest.raises(transferring.CannotTake) as refused:
        transferring.to_agent(agent=ana, conversation=held, taker=ana)
    assert refused.value.obstacle == Obstacle.SELF


def test_bruno_gives_away_nothing_of_anas_but_a_supervisor_does(
    held: Conversation, ana: Agent, bruno: Agent
) -> None:
    sofia, carla = make_supervisor(held.project), ready(make_agent(held.project, "Carla"))
    ready(bruno)
    with pytest.raises(closing.AlreadyDone):
        transferring.to_agent(agent=bruno, conversation=held, taker=carla)
    transferring.to_agent(agent=sofia, conversation=held, taker=carla, is_supervisor=True)
    assert holder_of(held) == carla
    assert held.assignments.get(ended_at=None).why == "Sofía passed it on to you."


def test_to_a_campaign_it_keeps_its_arrival(web: Inbox, held: Conversation, ana: Agent) -> None:
    """Whoever came later to that campaign stands behind it; no second wait in the figures."""
    sales = Campaign.objects.create(project=web.project, name="Sales")
    later = write(make_inbox(sales)).conversation
    assert transferring.to_campaign(agent=ana, conversation=held, campaign=sales) == []
    assert (holder_of(held), place_of(held), place_of(later)) == (None, 1, 2)
    first, again = QueueEntry.objects.filter(conversation=held).order_by("pk")
    assert (again.arrived_at, again.is_first, again.campaign) == (first.arrived_at, False, sales)
    bruno = ready(make_agent(web.project, "Bruno", campaigns=[sales]))
    routing.fill(web.project_id)
    assert holder_of(held) == bruno
    assert metrics.figures(web.project).average == "0:00"  # of `later`, who was assigned as well


def test_straight_to_whoever_is_ready_in_that_campaign(
    web: Inbox, held: Conversation, ana: Agent
) -> None:
    sales = Campaign.objects.create(project=web.project, name="Sales")
    bruno = ready(make_agent(web.project, "Bruno", campaigns=[sales]))
    (given,) = transferring.to_campaign(agent=ana, conversation=held, campaign=sales)
    assert given.agent_id == bruno.pk
    assert holder_of(held) == bruno


def test_it_comes_back_where_nobody_else_is_ready(held: Conversation, ana: Agent) -> None:
    (given,) = transferring.to_campaign(agent=ana, conversation=held, campaign=held.campaign)
    assert given.agent_id == ana.pk
    assert holder_of(held) == ana


def test_all_of_them_as_far_as_there_is_room(web: Inbox, ana: Agent, bruno: Agent) -> None:
    """R54: the first to come go, the rest stays and is named."""
    ready(ana)
    conversations = arrivals(web, 4)
    Agent.objects.filter(pk=bruno.pk).update(capacity=3)
    presence.declare(agent=ana, is_available=False)
    handed = transferring.all_of(agent=ana, taker=ready(bruno), note="Good night")
    assert (handed.gone, handed.stays) == (conversations[:3], conversations[3:])
    assert [holder_of(c) for c in conversations] == [bruno, bruno, bruno, ana]
    loads = [a.reason["load"] for a in Assignment.objects.filter(agent=bruno).order_by("pk")]
    assert loads == [0, 1, 2]
    assert Note.objects.count() == 3
    with pytest.raises(transferring.CannotTake):
        transferring.all_of(agent=ana, taker=bruno)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_transfers_of_one_the_first_wins(
        self, held: Conversation, ana: Agent, bruno: Agent
    ) -> None:
        carla = ready(make_agent(held.project, "Carla"))
        ready(bruno)
        won = at_once([lambda t=t: give(ana, held, t) for t in (bruno, carla, bruno, carla)])
        assert sorted(won) == [False, False, False, True]
        assert held.assignments.count() == 2

    def test_the_last_free_slot_is_given_once(self, web: Inbox, ana: Agent) -> None:
        """Two give to Diego, and the queue wants his slot too."""
        ready(ana)
        bruno = make_agent(web.project, "Bruno")
        first, second = arrivals(web, 2)
        presence.declare(agent=ana, is_available=False)
        diego = make_agent(web.project, "Diego", capacity=1)
        ready(diego)
        ready(bruno)
        Agent.objects.filter(pk=bruno.pk).update(capacity=0)
        won = at_once(
            [
                lambda: give(ana, first, diego),
                lambda: give(ana, second, diego),
                lambda: bool(write(web)),
            ]
        )
        assert Assignment.objects.filter(agent=diego, ended_at=None).count() == 1
        assert won.count(True) in (1, 2)

    def test_end_and_transfer_are_one_of_them(
        self, held: Conversation, ana: Agent, bruno: Agent
    ) -> None:
        ready(bruno)
        won = at_once([lambda: give(ana, held, bruno), lambda: end(ana, held)])
        assert sorted(won) == [False, True]

    def test_what_lucia_writes_meanwhile_is_at_bruno(
        self, web: Inbox, ana: Agent, bruno: Agent
    ) -> None:
        ready(ana)
        Agent.objects.update(capacity=50)
        conversations = arrivals(web, 6)
        ready(bruno)
        at_once(
            [
                *(lambda c=c: give(ana, c, bruno) for c in conversations),
                *(lambda c=c: write(web, c.identity, "And?") for c in conversations),
            ]
        )
        for conversation in conversations:
            assert holder_of(conversation) == bruno
            assert list(conversation.messages.values_list("seq", flat=True)) == [1, 2, 3]

    def test_everything_to_each_other_at_once_stands_still_for_nobody(
        self, web: Inbox, ana: Agent, bruno: Agent
    ) -> None:
        Agent.objects.update(capacity=50)
        ready(ana)
        ready(bruno)
        conversations = arrivals(web, 8)
        at_once(
            [
                lambda: transferring.all_of(agent=ana, taker=bruno),
                lambda: transferring.all_of(agent=bruno, taker=ana),
                *(lambda c=c: write(web, c.identity, "And?") for c in conversations),
            ]
        )
        for conversation in conversations:
            assert holder_of(conversation) in (ana, bruno)
            assert conversation.messages.filter(text="And?").count() == 1
