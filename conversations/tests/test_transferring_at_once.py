"""Two at once: a conversation is given once, and is lost nowhere on the way."""

import pytest

from agents import presence
from agents.models import Agent
from contactcenter.testing import (
    arrivals,
    at_once,
    holder_of,
    make_agent,
    order_status,
    ready,
    write,
)
from conversations import closing, transferring
from conversations.models import Assignment, Conversation, Inbox

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
