"""What happens to a queue when several processes work on it: a racer does one thing after the
other, by chance, and others do the same at that instant."""

import contextlib
import os
import uuid
from collections.abc import Callable
from typing import Any

from django.db.models.functions import Now

from agents.models import Agent, Project
from contactcenter.tests.crowds import LOST_A_RACE, Crowd
from conversations import (
    attending,
    closing,
    colleagues,
    departing,
    offering,
    outbound,
    rebalancing,
    transferring,
    wrapping_up,
)
from conversations.models import (
    Offer,
    WrapUp,
)


class Racer(Crowd):
    def __init__(self, project: Project, seed: int) -> None:
        super().__init__(project, seed)
        often = [self.arrive, self.arrive, self.end, self.end, self.accept]
        sometimes = [self.again, self.answer, self.connect, self.give, self.leave]
        rarely = [
            self.give_to_campaign,
            self.give_all,
            *[self.offers, self.answer_offer] * 2,
            self.go_home,
            self.disconnect,
            self.vanish,
            self.fill,
            self.stop,
            self.sign_out,
            self.limit,
            self.project_limit,
            self.membership,
            self.rebalance,
            self.merge,
            self.block,
            self.unblock,
            self.unblock,
            self.open,
            self.ready,
            self.pause,
        ]
        self.deeds: list[Callable[[], Any]] = often * 4 + sometimes * 3 + rarely

    def round(self, number: int) -> None:
        """Rush and calm take turns: a long line, then agents with room to choose among."""
        deed = self.chance.choice(self.deeds)
        is_calm = number // 25 % 2
        with contextlib.suppress(*LOST_A_RACE):
            self.end() if is_calm and deed in (self.arrive, self.again) else deed()

    # Agents

    def answer(self) -> None:
        if one := self.held():
            outbound.send(
                agent=one.agent, conversation=one.conversation, client_id=uuid.uuid4(), text="Yes"
            )

    def end(self) -> None:
        if one := self.held():
            closing.end(
                agent=one.agent, conversation=one.conversation, typification=self.typification
            )

    def open(self) -> None:
        """In time, or at the instant it is taken back."""
        if one := self.held():
            attending.open_conversation(agent=one.agent, conversation=one.conversation)

    def ready(self) -> None:
        finishing = WrapUp.objects.filter(project=self.project, ended_at=None)
        there = list(finishing.select_related("agent"))
        if there:
            one = self.chance.choice(there)
            wrapping_up.ready(agent=one.agent, wrap_up=one)

    def pause(self) -> None:
        attending.explain(agent=self.agent(), reason=self.chance.choice(["Break", "Lunch"]))

    def give(self) -> None:
        """To anybody, ready or not; an offer where the project has them."""
        if one := self.held():
            taker = self.taker(one.agent)
            transferring.to_agent(
                agent=one.agent, conversation=one.conversation, taker=taker, note="Hm"
            )

    def taker(self, giver: Agent) -> Agent:
        """Mostly somebody who could take it, where anybody can."""
        there = [one.pk for one in colleagues.of(giver) if one.obstacle is None]
        if not there or self.chance.random() < 0.2:
            return self.agent()
        return Agent.objects.select_related("user", "project").get(pk=self.chance.choice(there))

    def give_to_campaign(self) -> None:
        if one := self.held():
            campaign = self.chance.choice(list(self.project.campaigns.all()))
            transferring.to_campaign(
                agent=one.agent, conversation=one.conversation, campaign=campaign
            )

    def give_all(self) -> None:
        transferring.all_of(agent=self.agent(), taker=self.agent())

    def answer_offer(self) -> None:
        made = Offer.objects.filter(project=self.project, ended_at=None)
        there = list(made.select_related("agent__user", "sender__user", "conversation"))
        if there:
            offer = self.chance.choice(there)
            answers = [self.yes, self.yes, self.late, offering.refuse, offering.withdraw]
            self.chance.choice(answers)(offer=offer)

    def yes(self, offer: Offer) -> None:
        offering.accept(agent=offer.agent, offer=offer)

    def late(self, offer: Offer) -> None:
        Offer.objects.filter(pk=offer.pk, ended_at=None).update(expires_at=Now())
        offering.expire()

    def go_home(self) -> None:
        agent = self.agent()
        for console in agent.consoles.filter(closed_at=None):
            departing.sign_out(user=agent.user, session_key=console.session_key)

    def accept(self) -> None:
        self.connect()
        attending.accept(agent=self.consoles[-1][0])

    def stop(self) -> None:
        attending.stop(agent=self.agent())

    def connect(self) -> None:
        agent = self.agent()
        console = attending.arrive(agent=agent, session_key=f"race-{os.getpid()}")
        self.consoles.append((agent, console))

    def disconnect(self) -> None:
        if self.consoles:
            agent, console = self.consoles.pop(self.chance.randrange(len(self.consoles)))
            attending.leave(agent=agent, console_id=console)

    def vanish(self) -> None:
        """The line is cut, and the clock comes by before it is back."""
        agent = self.agent()
        for console in agent.consoles.filter(closed_at=None):
            attending.leave(agent=agent, console_id=console.pk)
        rebalancing.rebalance()

    def sign_out(self) -> None:
        attending.sign_out(user=self.agent().user, session_key=f"race-{os.getpid()}")

    def offers(self) -> None:
        """Transfers are offers from now on, or are not; what is open is answered."""
        are = self.chance.random() < 0.5
        Project.objects.filter(pk=self.project.pk).update(transfers_are_offers=are)
        for _ in range(3):
            with contextlib.suppress(*LOST_A_RACE):
                self.answer_offer()
