"""A customer who went silent after the answer is warned, then let go (a campaign's option)."""

import datetime as dt
import uuid

import pytest
from django.db.models import F

from agents.models import Agent, Campaign
from contactcenter.testing import arrivals, at_once, holder_of, ready, write
from conversations import closing, inbound, invariants, outbound, rebalancing, silence
from conversations.models import (
    Assignment,
    Conversation,
    Identity,
    Inbox,
    Message,
    QueueEntry,
    Typification,
    WrapUp,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(web: Inbox) -> Inbox:
    """Warned after ten minutes, let go two minutes later."""
    Campaign.objects.filter(pk=web.campaign_id).update(
        silent_after=dt.timedelta(minutes=10), silent_end_after=dt.timedelta(minutes=2)
    )
    return web


@pytest.fixture
def held(web: Inbox, lucia: Identity, ana: Agent) -> Conversation:
    ready(ana)
    return write(web, lucia, "Where is my lamp?").conversation


def answer(agent: Agent, conversation: Conversation) -> None:
    outbound.send(agent=agent, conversation=conversation, client_id=uuid.uuid4(), text="Which one?")


def pass_by(minutes: int) -> None:
    """So many minutes and a second later."""
    past = dt.timedelta(minutes=minutes, seconds=1)
    Message.objects.update(created_at=F("created_at") - past)
    QueueEntry.objects.update(
        arrived_at=F("arrived_at") - past,
        entered_at=F("entered_at") - past,
        ended_at=F("ended_at") - past,
    )
    Assignment.objects.update(started_at=F("started_at") - past, ended_at=F("ended_at") - past)
    Conversation.objects.update(started_at=F("started_at") - past, ended_at=F("ended_at") - past)


def events(conversation: Conversation) -> list[str]:
    lines = conversation.messages.order_by("seq")
    return [line.event or line.author for line in lines]


def test_warned_then_ended_as_inactive_and_the_slot_is_free(
    web: Inbox, held: Conversation, ana: Agent
) -> None:
    *_, next_one = arrivals(web, 6)
    answer(ana, held)
    pass_by(10)
    assert rebalancing.rebalance().warned == ["Lucía"]
    assert events(held) == ["contact", "agent", "silent"]
    pass_by(1)
    assert silence.warn() == silence.end() == []
    pass_by(1)
    moved = rebalancing.rebalance()
    assert (moved.warned, moved.silent) == ([], ["Lucía"])
    held.refresh_from_db()
    assert held.typification
    assert (held.typification.reserved, held.ended_by) == ("inactive", None)
    assert held.ended_without == "inactive"
    assert held.assignments.get().outcome == Assignment.Outcome.ENDED
    assert holder_of(next_one) == ana
    assert [f for f in invariants.check(project_id=web.project_id) if not f.holds] == []


def test_never_while_the_customer_waits_for_the_agent(held: Conversation, ana: Agent) -> None:
    pass_by(600)
    assert silence.warn() == []
    answer(ana, held)
    write(held.inbox, held.identity, "The blue one")
    pass_by(600)
    assert silence.warn() == silence.end() == []


def test_never_without_the_option(held: Conversation, ana: Agent) -> None:
    Campaign.objects.update(silent_after=dt.timedelta(0))
    answer(ana, held)
    pass_by(600)
    assert silence.warn() == []


def test_a_word_in_between_cancels_it(web: Inbox, held: Conversation, ana: Agent) -> None:
    answer(ana, held)
    pass_by(10)
    assert silence.warn() == [held]
    write(web, held.identity, "I am here")
    pass_by(600)
    assert silence.end() == []
    answer(ana, held)
    pass_by(5)
    assert silence.warn() == silence.end() == []
    pass_by(5)
    assert silence.warn() == [held]  # anew, from the newest answer on
    assert silence.end() == []


def test_another_answer_gives_them_the_whole_time_again(held: Conversation, ana: Agent) -> None:
    answer(ana, held)
    pass_by(10)
    silence.warn()
    answer(ana, held)
    pass_by(3)
    assert silence.end() == silence.warn() == []


def test_what_they_write_afterwards_is_a_new_conversation(
    web: Inbox, held: Conversation, ana: Agent
) -> None:
    """Also a word of thanks: that belongs to what an agent has ended."""
    Campaign.objects.update(ending_grace=dt.timedelta(hours=1))
    answer(ana, held)
    pass_by(10)
    silence.warn()
    pass_by(2)
    silence.end()
    again = write(web, held.identity, "Thank you")
    assert again.conversation != held
    assert again.seq == 1


def test_it_leaves_the_agent_nothing_to_finish(web: Inbox, held: Conversation, ana: Agent) -> None:
    Campaign.objects.update(wrap_up=dt.timedelta(minutes=1))
    answer(ana, held)
    pass_by(10)
    silence.warn()
    pass_by(2)
    assert silence.end() == [held]
    assert not WrapUp.objects.exists()


def test_the_customer_reads_it_in_their_language(held: Conversation, ana: Agent) -> None:
    answer(ana, held)
    pass_by(10)
    silence.warn()
    line = held.messages.last()
    assert line
    assert line.system_text == "Are you still there? Without an answer this chat ends soon"


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_workers_warn_once_and_end_once(self, web: Inbox, ana: Agent) -> None:
        ready(ana)
        held = arrivals(web, 4)
        for conversation in held:
            answer(ana, conversation)
        pass_by(10)
        warned = at_once([silence.warn] * 3)
        assert sum(map(len, warned)) == 4
        pass_by(2)
        ended = at_once([silence.end] * 3)
        assert sum(map(len, ended)) == 4
        for conversation in held:
            assert events(conversation) == ["contact", "agent", "silent"]

    def test_who_writes_at_the_last_instant_is_heard(self, web: Inbox, ana: Agent) -> None:
        """In this conversation, which then goes on, or in a new one."""
        ready(ana)
        held = arrivals(web, 5)
        for conversation in held:
            answer(ana, conversation)
        pass_by(10)
        silence.warn()
        pass_by(2)
        at_once(
            [
                silence.end,
                *(lambda c=c: write(web, c.identity, "Here") for c in held),
                silence.end,
            ]
        )
        for conversation in held:
            conversation.refresh_from_db()
            said = Message.objects.get(conversation__contact=conversation.contact, text="Here")
            assert conversation.is_open == (said.conversation == conversation)

    def test_the_agents_end_and_the_clocks_are_one(self, web: Inbox, ana: Agent) -> None:
        ready(ana)
        held = arrivals(web, 4)
        for conversation in held:
            answer(ana, conversation)
        pass_by(10)
        silence.warn()
        pass_by(2)
        at_once([silence.end, *(lambda c=c: try_to_end(ana, c) for c in held)])
        for conversation in held:
            conversation.refresh_from_db()
            by_clock = conversation.typification.reserved == Typification.Reserved.INACTIVE
            assert by_clock == (conversation.ended_by is None)


def try_to_end(agent: Agent, conversation: Conversation) -> None:
    typification = closing.offered(conversation).get(name="Order status")
    try:
        closing.end(agent=agent, conversation=conversation, typification=typification)
    except closing.AlreadyDone:
        return


def test_a_customer_who_left_while_served_is_let_go_too(held: Conversation, ana: Agent) -> None:
    answer(ana, held)
    inbound.leave(conversation=held)
    pass_by(10)
    assert silence.warn() == [held]
    pass_by(2)
    assert silence.end() == [held]
