"""One of several processes that work on the same queue: `python -m contactcenter.tests.racing
PROJECT_ID SEED ROUNDS`. Each round something happens that others do at the same instant.

Prints a line of JSON for each change of an agent's campaigns: no row keeps when that was.
"""

import contextlib
import json
import os
import random
import sys
import uuid
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
django.setup()

from django.db import transaction  # noqa: E402

from agents.models import Agent, Project  # noqa: E402
from contactcenter.testing import order_status, write  # noqa: E402
from conversations import (  # noqa: E402
    attending,
    blocking,
    closing,
    departing,
    inbound,
    merging,
    offering,
    outbound,
    rebalancing,
    routing,
    staffing,
    transferring,
    wrapping_up,
)
from conversations.models import (  # noqa: E402
    Assignment,
    Contact,
    Identity,
    Offer,
    QueueEntry,
    WrapUp,
)

LOST_A_RACE = (
    attending.NoConsole,
    blocking.AlreadyDone,
    closing.AlreadyDone,
    inbound.Blocked,
    merging.NotMerged,
    offering.NoRoom,
    offering.NotOpen,
    outbound.NotYours,
    transferring.CannotTake,
)


class Racer:
    def __init__(self, project: Project, seed: int) -> None:
        self.project = project
        self.chance = random.Random(seed)
        self.typification = order_status(project)
        self.inboxes = list(project.inboxes.select_related("project"))
        self.customers = list(
            Identity.objects.filter(contact__project=project).select_related("contact")
        )
        self.campaigns = list(project.campaigns.values_list("pk", flat=True))
        self.consoles: list[tuple[Agent, int]] = []
        often = [self.arrive, self.arrive, self.end, self.end, self.accept]
        sometimes = [self.again, self.answer, self.connect, self.give, self.leave]
        rarely = [
            self.give_to_campaign,
            self.give_all,
            self.offers,
            self.answer_offer,
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

    def agent(self) -> Agent:
        agents = Agent.objects.filter(project=self.project).select_related("user", "project")
        return self.chance.choice(list(agents))

    def held(self) -> Assignment | None:
        spans = Assignment.objects.filter(project=self.project, ended_at=None)
        there = list(spans.select_related("agent__project", "conversation"))
        return self.chance.choice(there) if there else None

    # Customers

    def arrive(self) -> None:
        write(self.chance.choice(self.inboxes))

    def again(self) -> None:
        """Somebody known: into their open conversation, or as a new one."""
        write(self.chance.choice(self.inboxes), self.chance.choice(self.customers), "Again")

    def leave(self) -> None:
        """Out of the queue, or off the page while served."""
        waiting = QueueEntry.objects.filter(project=self.project, ended_at=None)
        there = [one for one in (waiting.first(), waiting.last(), self.held()) if one]
        if there:
            inbound.leave(conversation=self.chance.choice(there).conversation)

    def merge(self) -> None:
        """Their page goes on as if nothing had happened: it knows the contact of before."""
        one, other = self.chance.sample(self.customers, 2)
        merging.merge(agent=self.agent(), keep=one.contact, other=other.contact)

    def block(self) -> None:
        blocking.block(agent=self.agent(), contact=self.chance.choice(self.customers).contact)

    def unblock(self) -> None:
        shut_out = Contact.objects.filter(project=self.project, blocked_at__isnull=False)
        if one := shut_out.first():
            blocking.unblock(agent=self.agent(), contact=one)

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
            transferring.to_agent(
                agent=one.agent, conversation=one.conversation, taker=self.agent(), note="Hm"
            )

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
            answers = [self.yes, self.yes, offering.refuse, offering.withdraw]
            self.chance.choice(answers)(offer=offer)

    def yes(self, offer: Offer) -> None:
        offering.accept(agent=offer.agent, offer=offer)

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

    # Supervisors and the clock

    def fill(self) -> None:
        routing.fill(self.project.pk)

    def limit(self) -> None:
        limit = self.chance.choice([None, None, None, 0, 2, 5])
        with transaction.atomic():
            routing.lock(self.project.pk)
            Agent.objects.filter(pk=self.agent().pk).update(capacity=limit)
            staffing.refit(project_id=self.project.pk)

    def project_limit(self) -> None:
        with transaction.atomic():
            routing.lock(self.project.pk)
            Project.objects.filter(pk=self.project.pk).update(capacity=self.chance.randint(3, 6))
            staffing.refit(project_id=self.project.pk)

    def membership(self) -> None:
        agent = self.agent()
        chosen = [pk for pk in self.campaigns if self.chance.random() < 0.8]
        with transaction.atomic():
            now = routing.lock(self.project.pk)
            agent.campaigns.set(chosen)
            staffing.refit(project_id=self.project.pk)
        change = {"agent": agent.pk, "at": now.isoformat(), "campaigns": chosen}
        print(json.dumps(change), flush=True)

    def offers(self) -> None:
        """Transfers are offers from now on, or are not; what is open is answered."""
        are = self.chance.random() < 0.5
        Project.objects.filter(pk=self.project.pk).update(transfers_are_offers=are)
        for _ in range(3):
            with contextlib.suppress(*LOST_A_RACE):
                self.answer_offer()

    def rebalance(self) -> None:
        rebalancing.rebalance()


if __name__ == "__main__":
    project_id, seed, rounds = map(int, sys.argv[1:])
    racer = Racer(Project.objects.get(pk=project_id), seed)
    for number in range(rounds):
        racer.round(number)
