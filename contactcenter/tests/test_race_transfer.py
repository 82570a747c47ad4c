"""Transfer, end, a customer's message and the agent's going, all at one instant, with and without
offers: wherever it ends up, it is in one place, and nothing of it is lost (P-01, P-04, P-05).

TRANSFER_ROUNDS makes it as long as one likes (CONTRIBUTING.md).
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.db.models.functions import Now

from agents import presence
from agents.models import Agent, Project
from contactcenter.testing import at_once, make_agent, order_status, ready, write
from conversations import (
    attending,
    closing,
    colleagues,
    departing,
    inbound,
    invariants,
    offering,
    offers,
    releasing,
    transferring,
)
from conversations.models import Conversation, Inbox, Message, Offer

ROUNDS = int(os.environ.get("TRANSFER_ROUNDS", "25"))
LOST_A_RACE = (
    closing.AlreadyDone,
    offering.NoRoom,
    offering.NotOpen,
    transferring.CannotTake,
)


def or_not(call: Callable[[], object]) -> bool:
    try:
        call()
        return True
    except LOST_A_RACE:
        return False


def comes_back(agent: Agent) -> None:
    """In the morning, with an open console and taking work."""
    if not presence.is_connected(agent):
        attending.arrive(agent=agent, session_key=f"morning-{agent.pk}")
    attending.accept(agent=agent)


def goes(agent: Agent) -> None:
    for console in agent.consoles.filter(closed_at=None):
        departing.sign_out(user=agent.user, session_key=console.session_key)


def answer_one(agent: Agent) -> None:
    for offer in offers.made_to(agent.pk)[-1:]:
        offering.accept(agent=agent, offer=offer)


def turn_down_one(agent: Agent, outcome: str) -> None:
    """The newest: by whom it was made to, or by the clock."""
    for offer in offers.made_to(agent.pk)[-1:]:
        if outcome == Offer.Outcome.REFUSED:
            offering.refuse(offer=offer)
        else:
            Offer.objects.filter(pk=offer.pk, ended_at=None).update(expires_at=Now())
            offering.expire()


def ends_of_an_offer(agent: Agent) -> list[Callable]:
    """A yes, a no and no answer to what was offered to this agent; withdrawn it is by others."""
    noes = (Offer.Outcome.REFUSED, Offer.Outcome.EXPIRED)
    return [partial(answer_one, agent), *(partial(turn_down_one, agent, no) for no in noes)]


def deeds(web: Inbox, one: Conversation, ana: Agent, bruno: Agent, carla: Agent) -> list[Callable]:
    """What may happen to what Ana holds, in any number and order, at one instant."""
    give = partial(transferring.to_agent, agent=ana, conversation=one, note="Hm")
    campaign = one.campaign
    return [
        lambda: give(taker=bruno),
        lambda: give(taker=carla),
        lambda: transferring.to_campaign(agent=ana, conversation=one, campaign=campaign),
        lambda: transferring.all_of(agent=ana, taker=carla),
        lambda: closing.end(agent=ana, conversation=one, typification=order_status(web.project)),
        lambda: write(web, one.identity, "And?"),
        lambda: write(web, one.identity, "Hello?"),
        lambda: goes(ana),
        lambda: goes(bruno),
        lambda: inbound.leave(conversation=one),
        lambda: answer_one(bruno),
        lambda: answer_one(carla),
        lambda: releasing.release_vanished(),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("are_offers", [False, True], ids=["at-once", "offers"])
def test_transfer_end_message_and_going_home_at_one_instant(
    web: Inbox, ana: Agent, bruno: Agent, are_offers: bool
) -> None:
    shop = web.project
    Project.objects.filter(pk=shop.pk).update(transfers_are_offers=are_offers, capacity=3)
    carla = make_agent(shop, "Carla", capacity=2)
    chance = random.Random(5)
    messages = 0
    for agent in (ana, bruno, carla):
        ready(agent)
    for number in range(ROUNDS):
        for agent in (ana, bruno, carla):
            comes_back(agent)
        one = write(web, text=f"Round {number}").conversation
        holder = one.assignments.filter(ended_at=None).select_related("agent__project").first()
        if holder is None:  # all are full: make room
            end_all(shop)
            continue
        staff = sorted((ana, bruno, carla), key=lambda agent: agent != holder.agent)
        messages += everything_at_once(web, one, staff, chance, number)
        broken = [f for f in invariants.check(project_id=shop.pk) if not f.holds]
        assert broken == [], f"round {number}: {broken}"
    seen = Counter(Offer.objects.values_list("outcome", flat=True))
    print(f"{ROUNDS} rounds: {messages} messages, offers {dict(seen)}")
    assert messages > ROUNDS / 2
    assert seen.total() > ROUNDS / 2 if are_offers else not seen
    if are_offers and ROUNDS >= 100:  # too few to tell in a short race
        assert min(seen[outcome] for outcome in Offer.Outcome) > ROUNDS / 25


def everything_at_once(
    web: Inbox, one: Conversation, staff: list[Agent], chance: random.Random, number: int
) -> int:
    """How many messages the customer wrote: none of them is lost or doubled."""
    holder, *others = staff
    possible = deeds(web, one, holder, *others)
    if Project.objects.get(pk=web.project_id).transfers_are_offers:
        taker = offer_one(chance, holder, one, others)
        certain = ends_of_an_offer(taker)[number % 3]  # else another deed withdraws it, mostly
        chosen = [chance.choice(possible) for _ in range(2)] + [certain, possible[5]]
    else:
        chosen = [chance.choice(possible) for _ in range(4)] + [possible[0], possible[5]]
    written = Message.objects.filter(conversation__project=web.project, author="contact")
    before = written.count()
    at_once([partial(or_not, deed) for deed in chosen])
    writes = sum(deed in possible[5:7] for deed in chosen)
    assert written.count() == before + writes
    return writes


def offer_one(chance: random.Random, giver: Agent, one: Conversation, others: list[Agent]) -> Agent:
    """One is open already, so that it is answered while everything else happens: made to whoever is
    ready, and for that somebody is."""
    if not any(colleagues.one(agent).free for agent in others):
        end_all(giver.project, but=one)
    there = [agent for agent in others if colleagues.one(agent).obstacle is None]
    taker = chance.choice(there or others)
    or_not(partial(transferring.to_agent, agent=giver, conversation=one, taker=taker))
    return taker


def end_all(shop: Project, but: Conversation | None = None) -> None:
    going_on = Conversation.objects.filter(project=shop, ended_at=None)
    for one in going_on.exclude(pk=but and but.pk).with_state():
        if one.holder_id:
            agent = Agent.objects.get(pk=one.holder_id)
            or_not(
                partial(closing.end, agent=agent, conversation=one, typification=order_status(shop))
            )
        else:
            closing.abandon(conversation=one)
