"""Where transfers are offers: accepted, refused or too late; until then it stays where it is, and
its slot is kept."""

import datetime as dt
import uuid

import pytest

from agents import presence
from agents.models import Agent, Project
from contactcenter.testing import (
    arrivals,
    at_once,
    holder_of,
    make_agent,
    order_status,
    ready,
    write,
)
from conversations import (
    closing,
    departing,
    listing,
    offering,
    offers,
    outbound,
    rebalancing,
    transferring,
)
from conversations.colleagues import Obstacle
from conversations.models import Assignment, Conversation, Inbox, Note, Offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(shop: Project) -> Project:
    Project.objects.filter(pk=shop.pk).update(transfers_are_offers=True)
    shop.refresh_from_db()
    return shop


@pytest.fixture
def held(web: Inbox, ana: Agent) -> Conversation:
    ready(ana)
    return write(web, text="Where is my lamp?").conversation


@pytest.fixture
def offer(held: Conversation, ana: Agent, bruno: Agent) -> Offer:
    """Ana offers it to Bruno, who has one slot."""
    Agent.objects.filter(pk=bruno.pk).update(capacity=1)
    return offer_to(ready(bruno), held, ana)


def offer_to(taker: Agent, conversation: Conversation, sender: Agent, note: str = "") -> Offer:
    made = transferring.to_agent(agent=sender, conversation=conversation, taker=taker, note=note)
    assert made
    return made


def said(offer: Offer) -> str:
    offer.refresh_from_db()
    return offer.outcome


def outcome(call) -> bool:
    try:
        call()
        return True
    except (offering.NotOpen, offering.NoRoom, closing.AlreadyDone, transferring.CannotTake):
        return False


def test_until_the_yes_it_stays_anas_and_bruno_keeps_a_slot_for_it(
    web: Inbox, held: Conversation, offer: Offer, ana: Agent, bruno: Agent
) -> None:
    assert holder_of(held) == ana
    assert listing.loads([bruno.pk]) == {bruno.pk: 1}
    outbound.send(agent=ana, conversation=held, client_id=uuid.uuid4(), text="A moment")
    Agent.objects.filter(pk=ana.pk).update(capacity=1)
    assert holder_of(write(web).conversation) is None  # nobody has room
    assert (offer.expires_at - offer.started_at) == dt.timedelta(seconds=60)


def test_a_yes_makes_it_brunos_and_frees_anas_slot(
    web: Inbox, held: Conversation, ana: Agent, bruno: Agent
) -> None:
    Agent.objects.filter(pk=ana.pk).update(capacity=1)
    offer = offer_to(ready(bruno), held, ana, note="Wants a new one")
    assert not Note.objects.exists()
    presence.declare(agent=bruno, is_available=False)  # a yes is a yes
    waiting = write(web).conversation
    offering.accept(agent=bruno, offer=offer)
    assert (holder_of(held), holder_of(waiting), said(offer)) == (bruno, ana, "accepted")
    assert held.assignments.get(ended_at=None).why == "Ana passed it on to you."
    assert Note.objects.get().text == "Wants a new one"


@pytest.mark.parametrize(("answer", "word"), [("refuse", "refused"), ("withdraw", "withdrawn")])
def test_a_no_frees_the_kept_slot(
    web: Inbox, held: Conversation, offer: Offer, ana: Agent, bruno: Agent, answer: str, word: str
) -> None:
    Agent.objects.filter(pk=ana.pk).update(capacity=1)
    waiting = write(web).conversation
    getattr(offering, answer)(offer=offer)
    assert (holder_of(held), holder_of(waiting), said(offer)) == (ana, bruno, word)
    for late in (offering.refuse, offering.withdraw):
        with pytest.raises(offering.NotOpen):
            late(offer=offer)
    with pytest.raises(offering.NotOpen):
        offering.accept(agent=bruno, offer=offer)


def test_nobody_answers_for_a_minute(web: Inbox, offer: Offer, ana: Agent, bruno: Agent) -> None:
    assert offering.expire() == []
    Agent.objects.filter(pk=ana.pk).update(capacity=1)
    waiting = write(web).conversation
    past = offer.started_at - dt.timedelta(seconds=61)
    Offer.objects.update(started_at=past, expires_at=past + offering.ANSWER_WITHIN)
    assert len(rebalancing.rebalance().unanswered) == 1
    assert (holder_of(waiting), said(offer)) == (bruno, "expired")
    assert offering.expire() == []


def test_the_limit_lowered_meanwhile_holds(held: Conversation, offer: Offer, bruno: Agent) -> None:
    """P-04: also an offer starts nothing over the limit; it may be accepted once there is room."""
    Agent.objects.filter(pk=bruno.pk).update(capacity=0)
    with pytest.raises(offering.NoRoom):
        offering.accept(agent=bruno, offer=offer)
    assert said(offer) == ""
    Agent.objects.filter(pk=bruno.pk).update(capacity=1)
    offering.accept(agent=bruno, offer=offer)
    assert holder_of(held) == bruno


def test_an_end_withdraws_it(held: Conversation, offer: Offer, ana: Agent, bruno: Agent) -> None:
    closing.end(agent=ana, conversation=held, typification=order_status(held.project))
    assert said(offer) == "withdrawn"
    with pytest.raises(offering.NotOpen):
        offering.accept(agent=bruno, offer=offer)


def test_a_return_to_the_queue_withdraws_it(held: Conversation, offer: Offer, ana: Agent) -> None:
    departing.sign_out(user=ana.user, session_key=ana.consoles.get().session_key)
    assert said(offer) == "withdrawn"
    assert holder_of(held) != ana


def test_another_transfer_withdraws_it(
    held: Conversation, offer: Offer, ana: Agent, bruno: Agent
) -> None:
    carla = ready(make_agent(held.project, "Carla"))
    second = offer_to(carla, held, ana)
    assert (said(offer), said(second)) == ("withdrawn", "")
    third = offer_to(bruno, held, ana)  # whose only slot the first one kept
    assert (said(second), said(third)) == ("withdrawn", "")
    with pytest.raises(transferring.CannotTake) as refused:
        transferring.to_agent(agent=ana, conversation=held, taker=ana)
    assert refused.value.obstacle == Obstacle.SELF
    assert said(third) == ""  # nothing was changed


def test_who_goes_home_accepts_nothing(offer: Offer, bruno: Agent) -> None:
    departing.sign_out(user=bruno.user, session_key=bruno.consoles.get().session_key)
    assert said(offer) == "refused"


def test_all_of_them_are_offered_as_far_as_there_is_room(
    web: Inbox, ana: Agent, bruno: Agent
) -> None:
    ready(ana)
    conversations = arrivals(web, 3)
    Agent.objects.filter(pk=bruno.pk).update(capacity=2)
    handed = transferring.all_of(agent=ana, taker=ready(bruno))
    assert (handed.gone, handed.stays, handed.are_offers) == (
        conversations[:2],
        conversations[2:],
        True,
    )
    assert [o.conversation for o in offers.made_to(bruno.pk)] == conversations[:2]
    assert {holder_of(c) for c in conversations} == {ana}


def test_what_does_not_fit_stays_offered_to_whom_it_was(
    web: Inbox, ana: Agent, bruno: Agent
) -> None:
    """And what is offered to Bruno already is offered anew, in the slot it takes."""
    ready(ana)
    first, second = arrivals(web, 2)
    Agent.objects.filter(pk=bruno.pk).update(capacity=1)
    carla = ready(make_agent(web.project, "Carla"))
    to_carla = offer_to(carla, second, ana)
    to_bruno = offer_to(ready(bruno), first, ana)
    handed = transferring.all_of(agent=ana, taker=bruno)
    assert (handed.gone, handed.stays) == ([first], [second])
    assert (said(to_bruno), said(to_carla)) == ("withdrawn", "")
    assert [o.conversation for o in offers.made_to(bruno.pk)] == [first]


def test_the_senders_thread_says_how_it_went_and_no_more_later(
    held: Conversation, offer: Offer, ana: Agent
) -> None:
    assert offers.context_of(held.pk, ana.pk)["offer"] == offer
    offering.refuse(offer=offer)
    assert offers.context_of(held.pk, ana.pk)["offer"].outcome == "refused"
    past = offer.started_at - dt.timedelta(minutes=3)
    Assignment.objects.update(started_at=past)
    Offer.objects.update(started_at=past, ended_at=past + dt.timedelta(seconds=9))
    assert offers.context_of(held.pk, ana.pk)["offer"] is None


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_yes_a_no_and_a_withdrawal_are_one_of_them(
        self, held: Conversation, offer: Offer, ana: Agent, bruno: Agent
    ) -> None:
        won = at_once(
            [
                lambda: outcome(lambda: offering.accept(agent=bruno, offer=offer)),
                lambda: outcome(lambda: offering.refuse(offer=offer)),
                lambda: outcome(lambda: offering.withdraw(offer=offer)),
                lambda: outcome(lambda: offering.accept(agent=bruno, offer=offer)),
            ]
        )
        assert won.count(True) == 1
        assert (holder_of(held) == bruno) == (said(offer) == "accepted")

    def test_two_clocks_at_once_end_it_once(self, offer: Offer) -> None:
        past = offer.started_at - dt.timedelta(seconds=61)
        Offer.objects.update(started_at=past, expires_at=past + offering.ANSWER_WITHIN)
        assert sum(len(ended) for ended in at_once([offering.expire] * 3)) == 1

    def test_an_end_and_a_yes_at_once_while_lucia_writes(
        self, web: Inbox, held: Conversation, offer: Offer, ana: Agent, bruno: Agent
    ) -> None:
        chosen = order_status(held.project)
        end = lambda: closing.end(agent=ana, conversation=held, typification=chosen)  # noqa: E731
        won = at_once(
            [
                lambda: outcome(end),
                lambda: outcome(lambda: offering.accept(agent=bruno, offer=offer)),
                lambda: bool(write(web, held.identity, "And?")),
            ]
        )
        assert won.count(True) == 2
        assert not Offer.objects.filter(ended_at=None).exists()
